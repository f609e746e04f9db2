"""日志的白话 — every entry of a matter's journal in words, and whether it still is what was written. For whoever audits."""

from linli.mechanisms.access.logs import Detail, Log, Sealed, Told
from linli.work.matters.telling.entries import log, who
from linli.work.matters.telling.identities import LOOKS_OF, Look, looks
from linli.work.matters.telling.names import BODIES, FACTS, FIELDS, MACHINES, PART_WORDS, PLACE, REASONS, Shown
from linli.work.matters.telling.values import HEARD, SAYINGS

__all__ = [
    "BODIES",
    "FACTS",
    "FIELDS",
    "HEARD",
    "LOOKS_OF",
    "MACHINES",
    "PART_WORDS",
    "PLACE",
    "REASONS",
    "SAYINGS",
    "Detail",
    "Log",
    "Look",
    "Sealed",
    "Shown",
    "Told",
    "log",
    "looks",
    "who",
]
