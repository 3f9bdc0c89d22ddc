"""The only place where concrete classes meet: a site folder and settings in, wired procedures out.

``open_engine`` is the library's way in (no site, no record: for ``score``, ``evaluate`` and ``bench``); ``open_site``
the service's and the CLI's.
"""

from countenance.bootstrap.engine import Engine, open_engine
from countenance.bootstrap.service import Service, open_site
from countenance.bootstrap.setup import CreatedSite, create_site

__all__ = ["CreatedSite", "Engine", "Service", "create_site", "open_engine", "open_site"]
