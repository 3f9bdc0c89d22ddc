"""A site is one folder: its settings, charters, keys, database and public log; and the lock that one process holds.

::

    site.toml          which site this is, where it serves, how often its log is published
    charters/          what it may do
    keys/              wrapping and signing keys; copies only sealed (countenance backup)
    operating-points/  thresholds with their evidence that this site signed; likewise policies/ and notices/
    db/                everything stored, sealed
    log/               what outsiders audit
    site.lock          held while a process works on the site; the kernel lets go when the process ends, however it ends
    run.json           where it is served, while it is served
"""

from countenance.site.folder import LAYOUT, Site
from countenance.site.lock import SiteLock
from countenance.site.settings import SITE_SETTINGS, SiteProfile, SiteSetting

__all__ = ["LAYOUT", "SITE_SETTINGS", "Site", "SiteLock", "SiteProfile", "SiteSetting"]
