"""Is it good enough, and for whom: from photographs people may be measured with to rates that carry their uncertainty.

Offline, and unable to open a site. ``manifest`` and ``pairs`` read what is to be compared; ``extraction`` turns
photographs into templates, resumably; ``comparisons`` scores every pair; ``verification``, ``identification``,
``groups`` and ``discard`` state rates, each only above its floor (``rates``) and with intervals that resample people
(``bootstrap``); ``report`` writes them down, ``page`` shows them, ``calibrate`` makes an operating point of them.
``drift`` watches a running site by counts alone.

This file imports nothing, so that ``procedures.monitoring`` can load ``evaluate.drift`` without any of the rest.
"""
