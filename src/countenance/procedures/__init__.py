"""The stories, each a numbered list of steps: crossing, staging, desk, casework, ledger, monitoring, transparency.

A procedure is given its collaborators as ports by ``bootstrap``; it reads the clock once, asks the policy, and commits
everything it did together with its entry in the record before it answers.
"""

from countenance.procedures.administration import Administration, record_signature
from countenance.procedures.announcing import Announcing
from countenance.procedures.boarding import Boardings
from countenance.procedures.casework import Casework, Standing
from countenance.procedures.chartering import record_charter, record_notice_check, record_policy, record_withdrawal
from countenance.procedures.chip import ChipChecked
from countenance.procedures.crossing import Crossing
from countenance.procedures.desk import Desk, OpenedReferral
from countenance.procedures.ending import Ending
from countenance.procedures.enrolling import RowVerdict
from countenance.procedures.erasing import Erasures
from countenance.procedures.erasure import Erasure
from countenance.procedures.filling import Filling, portrait_rows
from countenance.procedures.holding import Holding
from countenance.procedures.in_flight import InFlight
from countenance.procedures.ingest import Ingest
from countenance.procedures.lanes import Lane, Lanes, longest_record, permit
from countenance.procedures.ledger import Ledger
from countenance.procedures.monitoring import Counting, Documents, Noting, Pace, Watching
from countenance.procedures.persons import Persons
from countenance.procedures.querying import FROM_DOCUMENT, Querying
from countenance.procedures.reading import Reading, ZoneRead
from countenance.procedures.recording import Recorder
from countenance.procedures.replies import decode_reply, encode_reply, for_device, for_partner
from countenance.procedures.restoring import Replayed, replay
from countenance.procedures.rotating import Rotated, rotate
from countenance.procedures.staging import Staging
from countenance.procedures.stepping import Basis
from countenance.procedures.streams import Streams
from countenance.procedures.transparency import Shelf, Transparency

__all__ = [
    "FROM_DOCUMENT", "Administration", "Announcing", "Basis", "Boardings", "Casework", "ChipChecked", "Counting",
    "Crossing", "Desk", "Documents", "Ending", "Erasure", "Erasures", "Filling", "Holding", "InFlight", "Ingest",
    "Lane", "Lanes", "Ledger", "Noting", "OpenedReferral", "Pace", "Persons", "Querying", "Reading", "Recorder",
    "Replayed", "Rotated", "RowVerdict", "Shelf", "Staging", "Standing", "Streams", "Transparency", "Watching",
    "ZoneRead",
    "decode_reply", "encode_reply", "for_device", "for_partner", "longest_record", "permit", "portrait_rows",
    "record_charter", "record_notice_check", "record_policy", "record_signature", "record_withdrawal", "replay",
    "rotate",
]  # fmt: skip
