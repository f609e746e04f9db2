"""待回访、评价申诉、督办一览 — the lists beside the queue: whom to call, which appeals wait, what is pressed, what was left out of the rates."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from linli.kernel import clock
from linli.kernel.rules import RuleItem
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor, require
from linli.work.matters import supervision
from linli.work.matters.flow import State
from linli.work.matters.models import Appeal, Appealable, Matter, Merge, Visit
from linli.work.matters.queries import slot_of, visible_to
from linli.work.matters.rules import TOWNSHIP, AppealReasons, MatterGrades

PAGE = 50
SHOWN = (
    "id", "number", "title", "state", "category", "level", "place_text", "visit_at", "visit_tries", "answered_at",
    "city_id", "county_id", "township_id", "community_id", "grid_id", "handler__short_name",
)  # fmt: skip


# --- 督办 ----------------------------------------------------------------------------------------------------------
def pressed(actor: Actor, *, area_id: int | None = None) -> dict[str, int]:
    """现在督办中 — how many matters stand at each grade, by the grade's code; the gravest last. Nobody is ranked by it.

    Of the actor's reach, or of an area within it. The list behind it is the queue's view "pressed".
    """
    rows = _of_area(visible_to(actor), area_id).filter(grade__gt=0)
    counted = dict(rows.values_list("grade").annotate(n=Count("pk")).order_by())
    return {grade.code: counted.get(grade.rank, 0) for grade in rulebook.current(MatterGrades).list.items}


def _of_area(rows: QuerySet[Matter], area_id: int | None) -> QuerySet[Matter]:
    if area_id is None:
        return rows
    slot = slot_of(area_id)
    return rows.filter(**slot) if slot is not None else rows.none()


# --- 待回访 --------------------------------------------------------------------------------------------------------
def to_visit(actor: Actor) -> QuerySet[Matter]:
    """待回访 — verified, and the resident has said nothing for the rule's share of the time: the longest first.

    At the desk of the level that has it (of what a community or a grid settled: its township), never what the
    caller's own body handled. After the rule's number of days it is too late to ask.
    """
    rule = supervision.visit_rule()
    if rule is None or actor.scope != "area" or not actor.has("matters.visit"):
        return Matter.objects.none()
    now = clock.now()
    level = Q(level__gte=TOWNSHIP) if actor.area_level == TOWNSHIP else Q(level=actor.area_level)
    rows = visible_to(actor).filter(level, visit_at__lte=now, visit_at__gte=now - timedelta(days=rule.days))
    return rows.filter(state__in=(State.VERIFIED, State.CLOSED)).exclude(handler_id=actor.body_id or 0)


def visits_page(actor: Actor) -> list[Matter]:
    """The first fifty of them. Raises Refused without matters.visit."""
    require(actor, "matters.visit")
    return list(to_visit(actor).select_related("handler").only(*SHOWN).order_by("visit_at", "id")[:PAGE])


def to_visit_count(actor: Actor, *, most: int = 1000) -> int:
    """How many wait to be called, counted to `most`; with those whose matter goes along with another."""
    return to_visit(actor)[:most].count() + along_to_visit(actor)[:most].count()


def along_to_visit(actor: Actor) -> QuerySet[Merge]:
    """待回访 — the reporters of merged matters, each to be called for themselves about the answer they share.

    At the desk of the level that has the main matter, by the same rule as its own reporter; one they still can be heard about.
    """
    rule = supervision.visit_rule()
    if rule is None or actor.scope != "area" or not actor.has("matters.visit"):
        return Merge.objects.none()
    now = clock.now()
    level = Q(main__level__gte=TOWNSHIP) if actor.area_level == TOWNSHIP else Q(main__level=actor.area_level)
    rows = Merge.objects.filter(
        level, visit_at__lte=now, visit_at__gte=now - timedelta(days=rule.days), ended_at__isnull=True,
        main__state__in=(State.VERIFIED, State.CLOSED), matter__in=visible_to(actor),
    )  # fmt: skip
    return rows.exclude(main__handler_id=actor.body_id or 0)


def along_page(actor: Actor) -> list[Merge]:
    """The first fifty of them. Raises Refused without matters.visit."""
    require(actor, "matters.visit")
    rows = along_to_visit(actor).select_related("matter__handler", "main__handler")
    return list(rows.order_by("visit_at", "id")[:PAGE])


def last_visits(matters: Sequence[Matter]) -> dict[int, Visit]:
    """The last call about each, by the matter's id."""
    rows = Visit.objects.filter(matter__in=[each.pk for each in matters]).order_by("matter_id", "-id")
    return {each.matter_id: each for each in rows.distinct("matter_id")}


# --- 评价申诉 ------------------------------------------------------------------------------------------------------
def appeals_to_decide(actor: Actor) -> list[Appeal]:
    """Those that wait for the actor's level or one below it, oldest first; not what their own body asks for.

    An appeal against a rating the resident has changed since is asked of nobody.
    """
    if actor.scope != "area" or not actor.has("matters.decide_appeal"):
        return []
    rows = Appeal.objects.filter(
        decided_at__isnull=True, verdict=F("matter__verdict"), level__gte=actor.area_level,
        matter__in=visible_to(actor).filter(verdict__isnull=False),
    )  # fmt: skip
    rows = rows.exclude(body_id=actor.body_id or 0).select_related("matter", "body")
    return list(rows.order_by("made_at")[:PAGE])


def rated_away(actor: Actor, *, limit: int = PAGE) -> list[Appealable]:
    """移走的评价 — ratings by which a matter left the actor's body, the newest first: what it may appeal against, and did."""
    if actor.scope != "body" or not actor.has("matters.appeal"):
        return []
    rows = Appealable.objects.filter(body_id=actor.body_id or 0).select_related("matter")
    return list(rows.order_by("-until", "-id")[:limit])


def rated_away_one(actor: Actor, number: str) -> Appealable:
    """The last such rating of one matter, or 404: of the matter itself that body may read no more."""
    rows = (
        Appealable.objects.filter(body_id=actor.body_id or 0, matter__number=number) if number.isprintable() else None
    )
    found = rows.select_related("matter").order_by("-id").first() if rows is not None else None
    if found is None or actor.scope != "body" or not actor.has("matters.appeal"):
        raise Http404("没有这次评价，或者不是对本单位的。")
    return found


def appeal_against(row: Appealable) -> Appeal | None:
    """The appeal that was made against such a rating."""
    return Appeal.objects.filter(matter_id=row.matter_id, verdict=row.verdict).first()


def is_still_open(row: Appealable, *, now: datetime) -> bool:
    """Does that rating still stand, is there time, and did nobody appeal yet?"""
    return row.matter.verdict == row.verdict and now <= row.until and appeal_against(row) is None


@dataclass(frozen=True)
class Excluded:
    """剔除 — one reason for which ratings were left out, how many, and who decided each."""

    reason: str
    n: int
    appeals: list[Appeal]


@dataclass(frozen=True)
class Rated:
    """三率的分母 — of the matters registered in a month: how many were dispatched, asked about, and answered so that it counts.

    Always n_valid ≤ n_visited ≤ n_dispatched; what lies between valid and answered is listed by reason and reviewer.
    """

    month: date
    n_dispatched: int
    """Given to a body that answers for it (what was withdrawn before that is not)."""
    n_visited: int
    """Of these: asked whether it is solved, by the page or on the telephone."""
    n_answered: int
    """Of these: the resident has said yes or no."""
    n_valid: int
    """Of these: not left out because an appeal was upheld."""
    n_solved: int
    """Of the valid ones: said to be solved."""
    excluded: list[Excluded]


def rated_in(actor: Actor, month: date, *, area_id: int | None = None) -> Rated:
    """The month's ratings within the actor's reach, and what was left out of them. Two statements."""
    require(actor, "matters.read")
    first = month.replace(day=1)
    begins = datetime.combine(first, time(), clock.CITY)
    ends = datetime.combine((first + timedelta(days=32)).replace(day=1), time(), clock.CITY)
    rows = _of_area(visible_to(actor), area_id).filter(registered_at__gte=begins, registered_at__lt=ends)
    dispatched = Q(answered_at__isnull=False) | ~Q(state__in=(State.WITH_GRID, State.TRIAGE, State.WITHDRAWN))
    asked = dispatched & (Q(state__in=(State.VERIFIED, State.CLOSED)) | Q(solved__isnull=False))
    answered = asked & Q(solved__isnull=False)
    upheld = Appeal.objects.filter(matter=OuterRef("pk"), verdict=OuterRef("verdict"), upheld=True)
    valid = answered & ~Q(left_out=True)
    counted = rows.annotate(left_out=Exists(upheld)).aggregate(
        n_dispatched=Count("pk", filter=dispatched), n_visited=Count("pk", filter=asked),
        n_answered=Count("pk", filter=answered), n_valid=Count("pk", filter=valid),
        n_solved=Count("pk", filter=valid & Q(solved=True)),
    )  # fmt: skip
    appeals = Appeal.objects.filter(upheld=True, verdict=F("matter__verdict"), matter__in=rows)
    return Rated(
        first, excluded=_by_reason(list(appeals.select_related("matter", "body").order_by("decided_at"))), **counted
    )


def _by_reason(appeals: Sequence[Appeal]) -> list[Excluded]:
    times = Counter(each.reason for each in appeals)
    return [
        Excluded(reason_name(code), n, [each for each in appeals if each.reason == code])
        for code, n in sorted(times.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def reason_name(code: str) -> str:
    """A reason in words; by its code once the list has dropped it."""
    found: RuleItem | None = rulebook.current(AppealReasons).list.find(code)
    return rulebook.label(found) if found else code
