"""What happened to one matter, as its journal tells it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.facts.matters import MatterAppealable, MatterAttached, MatterSpokenFor
from linli.mechanisms import journal
from linli.mechanisms.access.models import Reveal
from linli.mechanisms.access.words import title_words
from linli.mechanisms.flow.models import Clock
from linli.mechanisms.journal.models import Entry
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter, Remark


@dataclass(frozen=True)
class Happened:
    """One line of a matter's story: what, when, who by office, the words said, the rule."""

    seq: int
    at: datetime
    move: str
    label: str
    who: str
    fact: Any
    said: str = ""
    by: str = "staff"
    """staff, resident or system."""


def story(matter: Matter, *, for_resident: bool) -> list[Happened]:
    """The journal of a matter as a person reads it. A resident sees what was said to them, and who looked at their identity."""
    remarks = {row.seq: row for row in Remark.objects.filter(matter=matter)}
    lines = []
    for heard in journal.history(matter.subject):
        if for_resident and _is_internal(heard):
            continue
        remark = remarks.get(heard.seq)
        said = remark.text if remark and (remark.for_resident or not for_resident) else ""
        author = heard.author
        office = f"{author.office} {title_words(author.post)}".strip()
        who = {"staff": office, "resident": _("居民"), "system": _("系统")}[author.kind]
        if author.kind == "staff" and not for_resident:
            who = f"{who} {author.name}"
        label = str(LIFE.moves[heard.move].label) if heard.move in LIFE.moves else heard.move
        if isinstance(heard.fact, MatterSpokenFor):  # Written with the registration, by the same move.
            label = _("代为反映，本人同意")
        if isinstance(heard.fact, MatterAppealable):  # And this with the rating.
            label = _("原来答复的单位可以申诉")
        lines.append(Happened(heard.seq, heard.at, heard.move, label, who, heard.fact, said, author.kind))
    return lines


def _is_internal(heard: journal.Heard) -> bool:
    """Between officials: a resident is not even told that there is such a thing."""
    if heard.move == LIFE.note.name or isinstance(heard.fact, MatterAppealable):
        return True
    return isinstance(heard.fact, MatterAttached) and not heard.fact.for_resident


def said_to_resident(matter: Matter, seq: int) -> str:
    """What was said to the resident at one entry of the journal: a reply, a reason."""
    return Remark.objects.filter(matter=matter, seq=seq, for_resident=True).values_list("text", flat=True).first() or ""


def said_at(matter: Matter, seqs: Iterable[int]) -> dict[int, str]:
    """What was said to or by the resident at these entries, by entry."""
    rows = Remark.objects.filter(matter=matter, seq__in=list(seqs), for_resident=True)
    return dict(rows.values_list("seq", "text"))


def looks_at(matter: Matter) -> list[Reveal]:
    """Who looked at the reporter's identity, newest first: the reporter may see this."""
    return list(Reveal.objects.filter(subject=matter.subject).order_by("-at"))


def entries_of(matter: Matter) -> list[Entry]:
    """The journal's own rows about a matter, hashes and all, for whoever may read the journal."""
    return list(Entry.objects.filter(subject=matter.subject).order_by("seq"))


def clocks_of(matter: Matter) -> list[Clock]:
    """Every clock that ran on the matter."""
    return list(Clock.objects.filter(subject=matter.subject).order_by("started_at", "id"))
