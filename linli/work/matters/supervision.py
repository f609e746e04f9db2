"""督办、回访、评价申诉：who may press, call, appeal and decide, and what stands. Read by pages and asked again by services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import journal, rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body
from linli.mechanisms.access.words import title_words
from linli.work.matters import proposals, rules
from linli.work.matters.flow import State
from linli.work.matters.models import Appeal, Card, Matter, Merge, Visibility, Visit
from linli.work.matters.rules import MatterGrade, MatterGrades, Ratings, VisitOutcomes, VisitRule, VisitRules

VERDICTS = (
    "rate", "rate_by_phone", "reopen", "reopen_for_triage", "reopen_by_phone", "reopen_by_phone_for_triage",
)  # fmt: skip
"""Moves by which a resident says whether it is solved."""


# --- 督办 ----------------------------------------------------------------------------------------------------------
def is_over(matter: Matter, actor: Actor) -> bool:
    """Is the actor of the same level as whoever has the matter, or above it, and not of that body itself?"""
    return (
        actor.scope == "area"
        and actor.body_id != matter.handler_id
        and 0 < actor.area_level <= matter.handler.level
        and actor.area_id in matter.place_ids
    )


def may_press(matter: Matter, actor: Actor) -> bool:
    """Over whoever has it, and a graver card is left to give."""
    return is_over(matter, actor) and bool(grades_after(matter.grade))


def may_withdraw_card(matter: Matter, actor: Actor) -> bool:
    """From the level that gave the last card, or one above."""
    if not matter.grade or not is_over(matter, actor):
        return False
    cards = standing_cards(matter)
    return bool(cards) and actor.area_level <= cards[-1].level


def may_respond(matter: Matter, actor: Actor) -> bool:
    """Of the body that has it, while it is pressed."""
    return matter.grade > 0 and actor.body_id == matter.handler_id


def standing_cards(matter: Matter) -> list[Card]:
    """The cards that stand, the gravest last; asked for only where there are any."""
    if not matter.grade:
        return []
    rows = matter.cards.filter(withdrawn_at__isnull=True, cleared_at__isnull=True)
    return list(rows.select_related("body", "presser").order_by("rank"))


def grades_after(rank: int) -> list[MatterGrade]:
    """The grades graver than one, the next first."""
    return [each for each in rulebook.current(MatterGrades).list.items if each.rank > rank]


def grade_of(rank: int) -> MatterGrade | None:
    """The grade of a rank, as the list has it today; None for none."""
    return rulebook.current(MatterGrades).list.of_rank(rank) if rank else None


def grade_name(rank: int) -> str:
    """督办 by name; empty where there is none."""
    grade = grade_of(rank)
    return rulebook.label(grade) if grade else ""


def told(rank: int) -> str:
    """What the resident of a pressed matter reads; empty where nobody presses."""
    grade = grade_of(rank)
    return rulebook.label(grade, "told") if grade else ""


# --- 回访 ----------------------------------------------------------------------------------------------------------
def visit_rule() -> VisitRule | None:
    """When residents are called; None in a city whose rulebook has no such list yet: then nobody is due for a call."""
    try:
        return rulebook.current(VisitRules).list.items[0]
    except rulebook.NoRuleError:
        return None


def visit_due(matter: Matter, *, now: datetime, rate_by: datetime) -> datetime | None:
    """When a resident who has left a way to be reached is to be called, if they say nothing before."""
    return None if matter.visibility == Visibility.ANONYMOUS else visit_moment(now=now, rate_by=rate_by)


def visit_moment(*, now: datetime, rate_by: datetime) -> datetime | None:
    """The same, whoever it is; None in a city without the list."""
    rule = visit_rule()
    return None if rule is None else now + (rate_by - now) * rule.share / 100


def may_visit(matter: Matter, actor: Actor) -> bool:
    """Nobody has said yet whether it is solved, and the caller is not of the body that answered."""
    return why_no_visit(matter, actor) == ""


def why_no_visit(matter: Matter, actor: Actor) -> str:
    """Why this actor does not call about it now; empty if they may."""
    if matter.solved is not None:
        return _("居民已经评价过了，不用再回访。")
    if matter.visibility == Visibility.ANONYMOUS:
        return _("居民没有留下联系方式，打不了电话。")
    if matter.visit_at is None:
        return _("这一次已经回访完了。")
    if actor.body_id == matter.handler_id:
        return _("承办的单位不回访自己办的事，请别的单位来打。")
    return ""


def why_no_visit_along(held: Merge, actor: Actor) -> str:
    """The same of the reporter of a merged matter: asked for themselves, about the answer they share."""
    if held.said_at is not None and held.main.answered_at is not None and held.said_at >= held.main.answered_at:
        return _("居民已经评价过了，不用再回访。")
    if held.matter.visibility == Visibility.ANONYMOUS:
        return _("居民没有留下联系方式，打不了电话。")
    if not is_called_about(held.main) or held.visit_at is None:
        return _("主件还没有核实，或者这一次已经回访完了。")
    if actor.body_id == held.main.handler_id:
        return _("承办的单位不回访自己办的事，请别的单位来打。")
    return ""


def visits_of(matter: Matter) -> list[Visit]:
    """Every call about it, in order."""
    return list(matter.visits.order_by("id"))


def outcome_name(code: str) -> str:
    """A call's outcome in words; by its code once the list has dropped it."""
    found = rulebook.current(VisitOutcomes).list.find(code)
    return rulebook.label(found) if found else code


# --- 评价申诉 ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Verdict:
    """评价 — what a resident last said of the answer: which entry, when, and which body had answered."""

    seq: int
    at: datetime
    solved: bool
    satisfaction: int | None
    body_id: int


def verdict_on(matter: Matter, history: Sequence[journal.Heard] | None = None) -> Verdict | None:
    """The rating that counts now, and the body it is about; None where nobody has rated the answer that stands."""
    if matter.verdict is None:
        return None
    handler = answered_by = 0
    for heard in history if history is not None else journal.history(matter.subject):
        if heard.seq == matter.verdict:
            grade = getattr(heard.fact, "satisfaction", None)
            return Verdict(heard.seq, heard.at, grade is not None, grade, answered_by or handler)
        handler = getattr(heard.fact, "handler", None) or handler
        if heard.move in {"answer", "settle"}:
            answered_by = handler
    return None


def is_bad(verdict: Verdict) -> bool:
    """Not solved, or one of the grades the list calls bad: there is nothing to appeal against in any other."""
    if not verdict.solved:
        return True
    return any(each.bad and each.score == verdict.satisfaction for each in rulebook.current(Ratings).list.items)


def may_appeal_until(matter: Matter, verdict: Verdict) -> datetime:
    """Until when the body that answered may appeal."""
    return may_appeal_after(matter, verdict.at)


def may_appeal_after(matter: Matter, rated_at: datetime) -> datetime:
    """Until when a rating of that moment may be appealed against."""
    limit, _cited = proposals.limit_for("appeal", category=matter.category, risk=matter.risk)
    return rulebook.working_calendar().due(rated_at, limit).at


def may_appeal(matter: Matter, actor: Actor) -> bool:
    """Of the body that answered, against a bad rating, in time, and not twice."""
    if matter.verdict is None or actor.body_id is None:
        return False
    verdict = verdict_on(matter)
    return (
        verdict is not None
        and verdict.body_id == actor.body_id
        and is_bad(verdict)
        and clock.now() <= may_appeal_until(matter, verdict)
        and appeal_on(matter) is None
    )


def appeal_on(matter: Matter) -> Appeal | None:
    """The appeal against the rating that counts now."""
    if matter.verdict is None:
        return None
    return matter.appeals.filter(verdict=matter.verdict).select_related("body").first()


def deciding_level(body: Body) -> int:
    """Who decides on a body's appeal: the level above it; over the city there is nobody."""
    return max(body.level - 1, rules.CITY)


def why_not_decide(matter: Matter, actor: Actor) -> str:
    """Why this actor does not decide the appeal that waits; empty if they may."""
    waiting = appeal_on(matter)
    if waiting is None or waiting.decided_at is not None:
        return _("现在没有要审的评价申诉。")
    if actor.scope != "area" or actor.area_level > waiting.level or actor.body_id == waiting.body_id:
        return _("评价申诉由申诉单位的上一级来审。")
    mine = any(
        heard.author.kind == "staff" and heard.author.person_id == actor.person_id
        for heard in journal.history(matter.subject)
    )
    return _("您经手过这一件，评价申诉请没有经手的人来审。") if mine else ""


def may_decide(matter: Matter, actor: Actor) -> bool:
    """Of the level above the body that appealed, without a hand in the matter."""
    return matter.verdict is not None and why_not_decide(matter, actor) == ""


def reviewer_words(actor: Actor) -> str:
    """Who decided, as it is kept: office, post and name, so that everybody can ask there."""
    return " ".join(part for part in (actor.body_name, title_words(actor.title), actor.name) if part)[:160]


def is_called_about(matter: Matter) -> bool:
    """Is it where a call still can change something?"""
    return matter.state in {State.VERIFIED, State.CLOSED}
