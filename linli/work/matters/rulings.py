"""What a ruling says and forbids: a matter is not handed back again, nor assigned away by whoever lost."""

from datetime import datetime

from django.utils.translation import gettext as _

from linli.facts.matters import MatterUnmerged
from linli.mechanisms import journal, rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import NotNow
from linli.work.matters import proposals
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter, Objection

OBJECTED_FROM = (LIFE.assign.name, LIFE.unmerge.name, LIFE.unmerge_to_assigned.name)
"""From the last of these moves on counts the time in which the body may object."""


class AlreadyRuledError(NotNow):
    """Whose duty it is was decided; the sentence cites the ruling (`domain.md` C.5, 4)."""


def ruling_on(matter: Matter) -> Objection | None:
    """The last ruling about a matter."""
    ruled = matter.objections.filter(ruled_at__isnull=False).select_related("body", "by_body", "believed")
    return ruled.order_by("-ruled_at").first()


def says_whose(matter: Matter) -> Objection | None:
    """The ruling by which the matter is its handler's, if there is one."""
    ruled = ruling_on(matter)
    return ruled if ruled is not None and ruled.body_id == matter.handler_id else None


def may_object_until(matter: Matter) -> datetime:
    """Until when the body it was last assigned to may object. What it spent merged into another does not count."""
    told = {each.move: each for each in journal.last([matter.subject], OBJECTED_FROM)}
    assigned, out = told.pop(LIFE.assign.name, None), max(told.values(), key=lambda each: each.seq, default=None)
    limit, _cited = proposals.limit_for("object", category=matter.category, risk=matter.risk)
    start = assigned.at if assigned else matter.registered_at
    if out is not None and assigned is not None and out.seq > assigned.seq and isinstance(out.fact, MatterUnmerged):
        start += out.at - out.fact.merged_at
    return rulebook.working_calendar().due(start, limit).at


def refuse_to_return(matter: Matter) -> None:
    """The body a ruling named may not object again. Raises AlreadyRuledError."""
    ruled = says_whose(matter)
    if ruled is not None:
        raise AlreadyRuledError(sentence(ruled))


def refuse_to_undo(matter: Matter, by: Actor) -> None:
    """A ruled matter is assigned elsewhere only by the level that ruled, or one above. Raises AlreadyRuledError."""
    ruled = says_whose(matter)
    if ruled is not None and by.area_level > ruled.level:
        raise AlreadyRuledError(sentence(ruled))


def taken_from(number: str, actor: Actor) -> Matter | None:
    """The matter, if this actor's body objected to it and was upheld: it may read the ruling, and no more."""
    if actor.scope != "body" or actor.body_id is None or not actor.has("matters.read"):
        return None
    rows = Objection.objects.filter(matter__number=number, by_body_id=actor.body_id, upheld=True)
    found = rows.select_related("matter").first()
    return found.matter if found is not None else None


def sentence(ruled: Objection) -> str:
    """Why there is no second objection, citing the ruling."""
    assert ruled.body is not None
    return _("这一件的职责已经裁定，由%(body)s办理（裁定号 %(number)s），不能再退。") % {
        "body": ruled.body.short_name, "number": ruled.number,
    }  # fmt: skip
