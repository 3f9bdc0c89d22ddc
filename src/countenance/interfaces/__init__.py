"""Everything that people and programs touch: command line, HTTP, pages, demo, bench, and the loops that drive ``tick``.

Interfaces hold no decisions: they parse, call a procedure through ``bootstrap``, and show what it answered.
"""
