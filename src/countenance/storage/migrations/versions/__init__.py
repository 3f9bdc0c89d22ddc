"""One file per version of the schema, each with explicit operations; a test compares their sum with ``tables``."""
