"""The demo: people cross a lane and board a flight on real photographs; outcomes checked, log audited, page written.

The story is data (``story``, ``manifest``), played by the same procedures a site runs (``play``, ``flight``), shown in
the terminal and as one self-contained page. It makes a trial site in a temporary folder and removes it, unless it is to
be kept.
"""

from countenance.interfaces.demo.run import DemoResult, run_demo

__all__ = ["DemoResult", "run_demo"]
