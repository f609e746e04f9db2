"""裁定 on a page: what was ruled about whose duty a matter is, for whoever has it and for the body it was taken from."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from linli.kernel.rules import RuleItem
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor, pages
from linli.mechanisms.territory.words import level_words
from linli.work.matters import queries, rules, rulings
from linli.work.matters.flow import State
from linli.work.matters.models import Matter, Objection
from linli.work.matters.queries import Happened

RULED = frozenset({"rule", "uphold", "uphold_for_triage"})
BOUNCED = frozenset({"uphold", "uphold_for_triage", "refuse_off_list"})
"""退单 — a body gave it back, and was right to."""


def told(matter: Matter, lines: Sequence[Happened]) -> dict[str, Any]:
    """How often it was given back, the objection that waits, or the last ruling; looked up only where its story tells of one."""
    more: dict[str, Any] = {"bounces": sum(line.move in BOUNCED for line in lines)}
    objected = [line for line in lines if line.move == "object"]
    if not objected:
        return more
    more["objected"] = objected[-1]
    if matter.state == State.OBJECTED and (waiting := queries.objection_to(matter)) is not None:
        level = level_words(rules.deciding_level(matter.level))
        return more | {"objection": waiting, "deciding": level, "objection_reason": _reason(waiting)}
    ruled = [line for line in lines if line.move in RULED]
    if ruled and (ruling := rulings.ruling_on(matter)) is not None:
        final = rulings.sentence(ruling) if rulings.says_whose(matter) else ""
        more |= {"ruling": ruling, "ruled": ruled[-1], "objection_reason": _reason(ruling), "final": final}
    return more


def _reason(ruling: Objection) -> str:
    found: RuleItem | None = rulebook.current(rules.Objections).list.find(ruling.reason)
    return rulebook.label(found) if found else ruling.reason


def page_of_the_ruling(request: HttpRequest, number: str, actor: Actor) -> HttpResponse | None:
    """What the body that objected reads of a matter that was given to another: the ruling, and nothing of the resident's.

    None if this actor's body never objected to it, or lost.
    """
    matter = rulings.taken_from(number, actor)
    if matter is None:
        return None
    lines = queries.story(matter, for_resident=False)
    context = told(matter, lines) | {"matter": matter, "category": queries.category_name(matter)}
    return pages.page(request, "matters/ruled.jinja", context)
