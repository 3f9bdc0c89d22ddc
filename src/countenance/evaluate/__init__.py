"""Is it good enough, and for whom. ``drift`` watches a running site: pure arithmetic on counts."""
