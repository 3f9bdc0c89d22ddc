"""The command line: ``countenance --help`` lists it, ``docs/cli.md`` is its printed form.

``commands/`` says what can be typed and nothing more; the modules beside this one do it. They load when first used, so
that help answers at once.
"""

from countenance.interfaces.cli.app import app, main

__all__ = ["app", "main"]
