"""How a matter looks: its mark, its place and category in words, the rule it stands on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import rulebook, territory
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.rules import Categories


def tone_of(matter: Matter) -> str:
    """Which mark a matter bears: overdue ▲, in hand ◐, waiting ○, done ●, withdrawn ✕ (LOOK)."""
    if matter.is_in_hand and matter.due_at < clock.now():
        return "overdue"
    return TONES[State(matter.state)]


TONES = {
    State.WITH_GRID: "hand", State.TRIAGE: "waiting", State.ASSIGNED: "waiting", State.HANDLING: "hand",
    State.OBJECTED: "carried", State.EXTENDING: "carried", State.CARRIED: "carried",
    State.ANSWERED: "waiting", State.VERIFIED: "waiting", State.CLOSED: "done", State.WITHDRAWN: "refused",
    State.EXCLUDING: "carried", State.EXCLUDED: "refused", State.SECOND_LOOK: "carried",
    State.MERGED: "carried", State.SPLIT: "hand",
}  # fmt: skip


@dataclass(frozen=True)
class Cited:
    """A rule as a page shows it: the list's title and version, where it can be read, why it is assumed (or empty)."""

    title: str
    url: str
    assumed: str


def cited(rule: str, part: str = "") -> Cited:
    """The rule a matter was decided by, as it was. `part`: which limit of it, where it is a line of limits."""
    try:
        ref, code = rulebook.RuleRef.parse(rule)
        held = rulebook.edition(ref).list
    except (ValueError, LookupError):
        return Cited(rule, "", "")
    item = held.find(code)
    title = _("%(title)s（第%(n)s版）") % {"title": rulebook.label(held), "n": ref.version}
    return Cited(title, ref.url(code), rulebook.reason(held, item, part) if item else "")


def place_words(matter: Matter, *, seen_from: int | None = None, wrote: str | None = None) -> str:
    """Where it is, from the township down (below the reader's own area, for a list of it), and what the resident wrote.

    `wrote`: those words as the reader may see them.
    """
    areas = [territory.area(each) for each in reversed(matter.place_ids)]
    whole = _joined([each.name for each in areas])
    above = set(territory.area(seen_from).lineage) if seen_from else set()
    known = _joined([each.name for each in areas if each.level >= 3 and each.id not in above])
    said = matter.place_text if wrote is None else wrote
    wrote = "" if said in whole else said  # Not the same twice.
    if known and known in wrote:
        return wrote
    return " ".join(part for part in (known, wrote) if part) or whole or _("地点未详")


def _joined(names: list[str]) -> str:
    """Names one after another; a grid that bears its community's name says it once."""
    return "".join(
        name for name, below in zip(names, [*names, ""][1:], strict=True) if not (below and below.startswith(name))
    )


def category_name(matter: Matter) -> str:
    """The category in words."""
    found = rulebook.current(Categories).list.find(matter.category)
    return rulebook.label(found) if found else matter.category
