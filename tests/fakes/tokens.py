"""A PKCS#11 token in software: SoftHSM over a temporary folder, one for all tests of a process."""

from __future__ import annotations

import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
TOKEN = "countenance tests"
PIN = "tests-1234"


@cache
def token_folder() -> Path:
    """Make the token, once; programs that tests start find it through the environment."""
    folder = Path(tempfile.mkdtemp(prefix="countenance-token-"))
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    made = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", PIN]
    subprocess.run(made, check=True, capture_output=True)
    (folder / "pin").touch(mode=0o600)
    (folder / "pin").write_text(f"{PIN}\n")
    return folder


def token_settings() -> dict[str, str | int]:
    """Return the lines of ``site.toml`` for a site whose keys this token holds."""
    pin = str(token_folder() / "pin")
    return {"key_holder": "pkcs11", "pkcs11_module": MODULE, "pkcs11_token": TOKEN, "pkcs11_pin_file": pin}
