"""工作台旁边的清单 — whom to call, appeals, exclusions of a month, what we are asked to support, requests to delete."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query

from linli.kernel import clock
from linli.kernel.text import translatable
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor, require
from linli.portals.openapi import beside, shapes
from linli.portals.openapi.calling import Answer, Version, actor_of, acts, expected, reads
from linli.portals.openapi.operations.verbs import Number
from linli.work.matters import followups, overseeing, persons, queries, service
from linli.work.matters.flow import ERASURE, LIFE
from linli.work.matters.words import WordsError

if TYPE_CHECKING:
    from linli.work.matters.models import Erasure

TAG = translatable("工作台旁边的清单")
Request = Annotated[
    str,
    Path(
        pattern=r"^[^\x00-\x20/\x7f]{1,4}[0-9]{2}-[0-9]{4}-[0-9]{4,6}-删[0-9]{1,4}$",
        description=translatable("申请编号，如 滨26-1123-0032-删1"),
    ),
]


# --- 待回访 ------------------------------------------------------------------------------------------------------------
@reads("/visits", shapes.Calls, tag=TAG, summary=translatable("待回访"))
def visits_list(request: HttpRequest) -> Answer:
    """Whom to call now, the longest waiting first."""
    actor = actor_of(request)
    require(actor, LIFE.visit.power)
    found = followups.visits_page(actor)
    last = followups.last_visits(found)
    items = [
        shapes.ToCall(
            **beside.brief_fields(each), answered_at=each.answered_at, call_at=each.visit_at, tries=each.visit_tries,
            last=beside.outcome(last[each.pk].outcome) if each.pk in last else None,
        )
        for each in queries.among(actor, [each.number for each in found]).values()
    ]  # fmt: skip
    items.sort(key=lambda each: (each.call_at is None, each.call_at, each.number))
    n = followups.to_visit_count(actor) if len(found) == followups.PAGE else len(found)
    return Answer(shapes.Calls(n=n, items=items))


# --- 评价申诉 ----------------------------------------------------------------------------------------------------------
@reads("/appeals", shapes.Appeals, tag=TAG, summary=translatable("等这个岗位审的评价申诉"))
def appeals_list(request: HttpRequest) -> Answer:
    """The longest waiting first."""
    actor = actor_of(request)
    require(actor, LIFE.decide_appeal.power)
    items = [beside.appeal(each, each.matter.number) for each in followups.appeals_to_decide(actor)]
    return Answer(shapes.Appeals(items=items))


@reads("/appeals/away", shapes.Away, tag=TAG, summary=translatable("移走的评价，还能申诉的"))
def appeals_away(request: HttpRequest) -> Answer:
    """Ratings by which a matter left this body: of the matter itself it may read no more."""
    actor = actor_of(request)
    require(actor, LIFE.appeal.power)
    now, items = clock.now(), []
    for each in followups.rated_away(actor):
        made = followups.appeal_against(each)
        items.append(
            shapes.AwayOne(
                matter=each.matter.number, until=each.until, open=followups.is_still_open(each, now=now),
                appeal=beside.appeal(made, each.matter.number) if made else None,
            )
        )  # fmt: skip
    return Answer(shapes.Away(items=items))


@acts(
    "/appeals/away/{number}", shapes.AppealInfo, tag=TAG, summary=translatable("对移走的评价申诉"), more=(404, 409)
)  # fmt: skip
def appeals_make_away(request: HttpRequest, number: Number, said: shapes.AppealOf) -> Answer:
    """评价申诉 of the body whose matter went up by that rating; once."""
    actor = actor_of(request)
    require(actor, LIFE.appeal.power)
    row = followups.rated_away_one(actor, number)
    service.appeal(row.matter, reason=said.reason, note=said.note, by=actor)
    made = followups.appeal_against(row)
    assert made is not None  # It was just made.
    return Answer(beside.appeal(made, number))


@reads("/appeals/rated", shapes.Rated, tag=TAG, summary=translatable("一个月的评价和剔除"))
def appeals_rated(request: HttpRequest, asked: Annotated[shapes.MonthAsked, Query()]) -> Answer:
    """Of the matters registered in a month, within reach: each number with what lies between, by reason and reviewer."""
    found = followups.rated_in(actor_of(request), _month(asked.month))
    left_out = [
        shapes.LeftOut(
            reason=shapes.NamedCode(code=each.appeals[0].reason, name=each.reason), n=each.n,
            appeals=[beside.appeal(one, one.matter.number) for one in each.appeals],
        )
        for each in found.excluded
    ]  # fmt: skip
    return Answer(
        shapes.Rated(
            month=f"{found.month:%Y-%m}", dispatched=found.n_dispatched, asked=found.n_visited, answered=found.n_answered,
            valid=found.n_valid, solved=found.n_solved, left_out=left_out,
        )
    )  # fmt: skip


def _month(asked: str | None) -> date:
    """The first of the month asked for; of this one where none is."""
    return date.fromisoformat(f"{asked}-01") if asked else clock.today().replace(day=1)


# --- 不予受理 ----------------------------------------------------------------------------------------------------------
@reads("/exclusions", shapes.ExclusionsOf, tag=TAG, summary=translatable("一个月的不予受理和抽查"), more=(422,))
def exclusions_list(request: HttpRequest, asked: Annotated[shapes.MonthAsked, Query()]) -> Answer:
    """By ground, by who confirmed, and the overseer's sample."""
    month = _month(asked.month)
    if month not in overseeing.months():
        raise WordsError(_("只能问最近十二个月的。"))
    found = overseeing.month_of(actor_of(request), month)
    draws = [
        shapes.DrawInfo(seed=each.seed, seal=each.seal, percent=each.percent, excluded=each.excluded, rule=each.rule, drawn_at=each.drawn_at)
        for each in found.draws
    ]  # fmt: skip
    sampled = [
        shapes.SampledOne(number=each.number, title=each.title, reason=each.reason, office=each.office, always=each.always, rightly=each.rightly)
        for each in found.laid
    ]  # fmt: skip
    return Answer(
        shapes.ExclusionsOf(
            month=f"{found.month:%Y-%m}", total=_counted(found.total), grounds=[_counted(each) for each in found.grounds],
            offices=[_counted(each) for each in found.reviewers], draws=draws, sampled=sampled,
        )
    )  # fmt: skip


def _counted(line: overseeing.Line) -> shapes.ExcludedLine:
    return shapes.ExcludedLine(
        name=line.name, waiting=line.waiting, confirmed=line.confirmed, refused=line.refused, asked=line.asked,
        overturned=line.overturned, drawn=line.drawn, judged=line.judged, right=line.right,
    )  # fmt: skip


# --- 请我们协办的 --------------------------------------------------------------------------------------------------------
@reads("/helping", shapes.HelpingList, tag=TAG, summary=translatable("请我们协办的"))
def helping_list(request: HttpRequest) -> Answer:
    """What it has not answered first."""
    actor = actor_of(request)
    require(actor, LIFE.advise.power)
    items = [
        shapes.HelpingOne(
            **beside.brief_fields(each.matter), asked_at=each.asked_at, advise_by=each.advise_by, advised_at=each.advised_at
        )
        for each in queries.helping(actor)
    ]  # fmt: skip
    return Answer(shapes.HelpingList(items=items))


# --- 删除申请 ----------------------------------------------------------------------------------------------------------
@reads("/erasures", shapes.Erasures, tag=TAG, summary=translatable("删除个人信息的申请"))
def erasures_list(request: HttpRequest, asked: Annotated[shapes.ErasuresAsked, Query()]) -> Answer:
    """Those that wait, the most urgent first; or what was decided lately."""
    actor = actor_of(request)
    require(actor, ERASURE.ask_erasure.power)
    rows = persons.erasures(actor, waiting=asked.view == "waiting")
    return Answer(shapes.Erasures(items=[shapes.ErasureLine(**_line(each)) for each in rows]))


@reads("/erasures/{number}", shapes.ErasureWhole, tag=TAG, summary=translatable("一个删除申请"), more=(404,))
def erasures_read(request: HttpRequest, number: Request) -> Answer:
    """With what holds it back."""
    row = _asked_for(actor_of(request), number)
    reason = next((rulebook.label(each) for each in persons.refusals() if each.code == row.reason), row.reason)
    whole = shapes.ErasureWhole(
        **_line(row), version=row.version, why=row.why, rule=beside.cited(row.rule), held_back=persons.hold_on(row.matter) is not None,
        reason=shapes.NamedCode(code=row.reason, name=reason) if row.reason else None, said=row.said,
    )  # fmt: skip
    return Answer(whole, version=row.version)


@acts(
    "/erasures/{number}/grant", shapes.ErasureReceipt, tag=TAG, summary=translatable("同意删除，马上删"), more=(404, 409, 412)
)  # fmt: skip
def erasures_grant(request: HttpRequest, number: Request, said: shapes.Grant, mark: Version = None) -> Answer:
    """What is deleted cannot be found again; statistics and the journal stay."""
    actor = actor_of(request)
    row = _asked_for(actor, number)
    require(actor, ERASURE.grant.power)
    return _decided(service.grant(row, said=said.said, by=actor, expected=expected(mark)))


@acts(
    "/erasures/{number}/refuse", shapes.ErasureReceipt, tag=TAG, summary=translatable("依法不能删"), more=(404, 409, 412)
)  # fmt: skip
def erasures_refuse(request: HttpRequest, number: Request, said: shapes.RefuseErasure, mark: Version = None) -> Answer:
    """In one of the lawful cases."""
    actor = actor_of(request)
    row = _asked_for(actor, number)
    require(actor, ERASURE.refuse.power)
    return _decided(service.refuse(row, reason=said.reason, said=said.said, by=actor, expected=expected(mark)))


def _asked_for(actor: Actor, number: str) -> "Erasure":
    require(actor, ERASURE.ask_erasure.power)
    return persons.erasure(actor, number)


def _line(row: "Erasure") -> dict[str, Any]:
    return {
        "number": row.number, "matter": row.matter.number, "state": row.state, "state_words": row.state_words, "scope": row.scope,
        "asked_at": row.asked_at, "decide_by": row.decide_by, "overdue": row.overdue, "decided_at": row.decided_at,
    }  # fmt: skip


def _decided(row: "Erasure") -> Answer:
    shape = shapes.ErasureReceipt(
        number=row.number, version=row.version, state=row.state, state_words=row.state_words
    )  # fmt: skip
    return Answer(shape, version=row.version)
