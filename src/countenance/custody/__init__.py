"""What must go, goes; what is kept is sealed. Vault, keys, trusted time, randomness; never a record of what happened.

``SqlVault`` seals items under a key per subject, wrapped under epoch keys that a ``FileKeyHolder`` or a token
(``custody.pkcs11``) holds and ``check_keys`` compares with the database; ``SqlErasureStore`` knows what is under way,
``SqlHoldStore`` what must stay; ``FileSigner`` signs the log; ``keep_signed`` and ``read_signed`` keep operating points
that the site signed, ``keep_signed_text`` and ``read_signed_texts`` charters and policies; ``SqlActStore`` remembers
which; ``TrustedClock`` is the site's time; ``sweep`` destroys what is overdue.
"""

from countenance.custody.acts import SqlActStore, check_acts, sign_act
from countenance.custody.clocks import TrustedClock, load_latest, open_clock, save_latest, system_millis
from countenance.custody.entropy import SystemEntropy
from countenance.custody.epochs import SITE, period_of
from countenance.custody.erasures import SqlErasureStore
from countenance.custody.files import read_secret, write_secret
from countenance.custody.holds import SqlHoldStore
from countenance.custody.key_check import EpochCard, check_keys, list_epochs, prove_keys
from countenance.custody.key_files import FileKeyHolder
from countenance.custody.keys import (
    FileSigner,
    create_key_pair,
    create_signing_key,
    create_wrapping_key,
    public_pem,
)
from countenance.custody.signed_points import keep_signed, read_signed
from countenance.custody.signed_texts import (
    Signed,
    is_signed_by,
    keep_signed_text,
    read_bounded,
    read_signed_texts,
    signature_of,
)
from countenance.custody.sweeper import sweep
from countenance.custody.tombstones import NAME as TOMBSTONES
from countenance.custody.tombstones import FileTombstones, Tombstone, read_tombstones
from countenance.custody.vault import SqlVault

__all__ = [
    "SITE", "TOMBSTONES", "EpochCard", "FileKeyHolder", "FileSigner", "FileTombstones", "Signed", "SqlActStore",
    "SqlErasureStore", "SqlHoldStore", "SqlVault", "SystemEntropy", "Tombstone", "TrustedClock", "check_acts",
    "check_keys", "create_key_pair", "create_signing_key", "create_wrapping_key", "is_signed_by", "keep_signed",
    "keep_signed_text", "list_epochs", "load_latest", "open_clock", "period_of", "prove_keys", "public_pem",
    "read_bounded", "read_secret", "read_signed", "read_signed_texts", "read_tombstones", "save_latest", "sign_act",
    "signature_of", "sweep", "system_millis", "write_secret",
]  # fmt: skip
