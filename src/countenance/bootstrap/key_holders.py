"""Who holds a site's epoch keys: files in ``keys/``, or the PKCS#11 token that ``site.toml`` names."""

from __future__ import annotations

import os
from pathlib import Path

from countenance.config import read_settings
from countenance.custody import FileKeyHolder, read_secret
from countenance.errors import ConfigurationError
from countenance.ports import Entropy, KeyHolder
from countenance.site import Site


def key_holder(site: Site, entropy: Entropy) -> KeyHolder:
    """Return the holder of the site's epoch keys; nothing is checked of it but that it can be reached.

    Raises:
        ConfigurationError: ``config.no_pin``.
        VaultError: the token, its library or its PIN is not in order.
    """
    if site.key_holder == "file":
        return FileKeyHolder(site.keys, entropy)
    from countenance.custody.pkcs11 import Pkcs11KeyHolder  # noqa: PLC0415 - only sites with a token load it

    return Pkcs11KeyHolder(site.pkcs11_module, site.pkcs11_token, _pin(site), site.log_origin, entropy)


def _pin(site: Site) -> str:
    if site.pkcs11_pin_file:
        return read_secret(Path(site.pkcs11_pin_file)).decode("utf-8", "replace").strip()
    pin = read_settings(os.environ).pkcs11_pin
    if not pin:
        raise ConfigurationError(
            "config.no_pin",
            "There is no PIN for the token that holds this site's keys.",
            remedy="Write it to a file of mode 0600 and name that as pkcs11_pin_file in site.toml, or set "
            "COUNTENANCE_PKCS11_PIN.",
        )
    return pin
