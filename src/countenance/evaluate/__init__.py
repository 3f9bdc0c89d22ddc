"""Is it good enough, and for whom: from photographs people may be measured with to rates that carry their uncertainty.

Offline, and unable to open a site. ``manifest`` and ``pairs`` read what is to be compared; ``extraction`` turns
photographs into templates, resumably; ``comparisons`` scores every pair; ``verification``, ``subsets``,
``identification`` and ``discard`` count errors; ``rates`` says which counts make a rate, ``bootstrap`` gives intervals
that resample people; ``one_to_one``, ``groups`` and ``sections`` put what may be said into a ``report``, ``page`` shows
it, ``calibrate`` makes an operating point of it.
``drift`` watches a running site by counts alone.

This file imports nothing, so that ``procedures.monitoring`` can load ``evaluate.drift`` without any of the rest.
"""
