"""What a PAXLST message says that it lists: UN/EDIFACT 1001 and 1004 of its BGM, and 1225 where it is used.

Sources. BGM's composites (1001 first, 1004 second, 1225 third): UNTDID D.97B to D.21A as stedi.com/edi/edifact prints
them. The words of 1004: WCO/IATA/ICAO PAXLST implementation guide 6.0 (November 2016), table 4.5.1, as the constants of
github.com/adamf/jetway ``pkg/paxlst/paxlst.go`` give it, and github.com/US-CBP/GTAS ``BGM.java``, which says besides to
which 1001 each belongs and has the words for crew, which are those of the US guide. 1225: UNTDID D.96A, code list.

Not verified: the guide's own pages could not be read. So it is not known whether RP lists those who stay or those who
leave, whether XF and CLNB name people always, nor whether a crew change (CC …) names the whole new crew. Each is taken
so that nobody is expected, or gone, for it unless a person says so.
"""

from __future__ import annotations

from countenance.terms.documents import ListScope, StatedList

KINDS = {"745": "passengers", "250": "crew", "266": "status", "336": "master-crew"}
"""1001, as PAXLST uses it. 655 (gate pass request, US) lists people who do not travel: it is none of these."""
_WHOLE, _PART, _LEAVING = ListScope.WHOLE, ListScope.PART, ListScope.LEAVING
_STATUS, _STANDING = ListScope.STATUS, ListScope.STANDING
_WORDS = {
    "passengers": {"": _WHOLE, "CP": _PART, "XR": _LEAVING, "RP": _LEAVING},
    "crew": {
        "": _WHOLE, "C": _WHOLE, "B": _WHOLE, "A": _WHOLE, "D": _WHOLE, "E": _WHOLE, "F": _WHOLE,
        "CC": _PART, "BC": _PART, "EC": _PART, "FC": _PART,
    },
    "status": {"": _STATUS, "CL": _STATUS, "CF": _STATUS, "CLOB": _PART, "CLNB": _LEAVING, "XF": _LEAVING},
    "master-crew": {"": _STANDING, "G": _STANDING, "H": _STANDING, "I": _STANDING},
}  # fmt: skip
"""1004 by kind of list. Carriers put the words of a status message into passenger lists too, see ``_ANYWHERE``."""
_ANYWHERE = {"XF": _LEAVING, "CLNB": _LEAVING}
"""Words that mean that people do not come, wherever they stand."""
_FUNCTIONS = {
    "": None, "5": None, "6": None, "7": None, "9": None, "1": _LEAVING, "3": _LEAVING, "2": _PART, "4": _PART,
}  # fmt: skip
"""1225: none, replaces, confirms, duplicate and original add nothing; cancels, deletes; adds, changes."""


def stated_list(name: str, word: str, function: str) -> StatedList:
    """Return what a message lists from 1001, 1004 and 1225 of its BGM; "" for what it does not state."""
    kind = KINDS.get(name, "unstated")
    known = word if any(word in words for words in _WORDS.values()) else "unknown"
    return StatedList(kind, known, _scope_of(kind, word, function))


def _scope_of(kind: str, word: str, function: str) -> ListScope:
    """Return whom the list names; what is not known is not taken for anything."""
    if kind == "master-crew":
        return ListScope.STANDING
    said = _WORDS.get(kind, {}).get(word) or _ANYWHERE.get(word) or ListScope.UNKNOWN
    besides = _FUNCTIONS.get(function, ListScope.UNKNOWN)
    if ListScope.LEAVING in {said, besides}:
        return ListScope.LEAVING
    return said if besides is None or said is ListScope.UNKNOWN else besides
