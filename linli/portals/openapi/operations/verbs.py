"""动作 — every verb of a matter's lifecycle that an official may do: one line of the table each, one service function each.

A verb that the page has and this table has not is found by a test (tests/test_verbs.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Path
from pydantic import BaseModel

from linli.kernel.text import translatable
from linli.mechanisms.access import Actor, require
from linli.portals.openapi import asking, reading, shapes
from linli.portals.openapi.calling import Answer, Version, actor_of, acts, expected
from linli.work.matters import queries, service
from linli.work.matters.flow import LIFE
from linli.work.matters.words import WordsError

if TYPE_CHECKING:
    from linli.work.matters.models import Matter

TAG = translatable("诉求")
STEPS = translatable("办理诉求")
Number = Annotated[
    str,
    Path(
        pattern=r"^[^\x00-\x20/\x7f]{1,4}[0-9]{2}-[0-9]{4}-[0-9]{4,6}$",
        description=translatable("编号，如 滨26-1123-0032"),
    ),
]
Do = Callable[["Matter", Any, Actor, int | None], "Matter"]


@dataclass(frozen=True)
class Verb:
    """The last part of its address, what it is called, what must be said, and the service it is done by."""

    name: str
    summary: str
    shape: type[BaseModel]
    do: Do


def _assign(matter: "Matter", said: shapes.Assign, by: Actor, version: int | None) -> "Matter":
    return service.assign(
        matter,
        to=reading.one_body(said.to),
        category=said.category or "",
        differs=said.differs or "",
        by=by,
        expected=version,
    )


def _rule(matter: "Matter", said: shapes.Rule, by: Actor, version: int | None) -> "Matter":
    if said.to is not None and not said.upheld:
        raise WordsError(_("维持派单时不另写单位。"))
    return service.rule(
        matter, upheld=said.upheld, to=reading.body_of(said.to), note=said.note, by=by, expected=version
    )


def _add(matter: "Matter", said: shapes.Add, by: Actor, version: int | None) -> "Matter":
    del version  # What is added overwrites nothing.
    return service.add(matter, said=said.said, by=by)


def _reveal(matter: "Matter", said: shapes.Reveal, by: Actor, version: int | None) -> "Matter":
    """The look is on record; what is seen is read at /reporter, so that no answer that is kept holds it."""
    del version
    service.reveal(matter, purpose=said.purpose, by=by)
    return queries.get(by, matter.number)


def _hold(matter: "Matter", said: shapes.Reason, by: Actor, version: int | None) -> "Matter":
    """What is written is a hold of its own; the answer is the matter's."""
    del version
    service.hold(matter, reason=said.reason, by=by)
    return queries.get(by, matter.number)


def _visit(matter: "Matter", said: shapes.VisitCall, by: Actor, version: int | None) -> "Matter":
    """One call; what the resident says in it is their own rating."""
    return service.visit(
        matter, outcome=said.outcome, contacted=said.contacted, solved=said.solved, satisfaction=said.satisfaction, said=said.said,
        by=by, expected=version,
    )  # fmt: skip


def _press(matter: "Matter", said: shapes.Press, by: Actor, version: int | None) -> "Matter":
    return service.press(
        matter, grade=said.grade or "", reason=said.reason, skip=said.skip, by=by, expected=version
    )  # fmt: skip


def _contact(matter: "Matter", said: shapes.FirstContact, by: Actor, version: int | None) -> "Matter":
    """When it was is the caller's to say; when it was written down is ours."""
    return service.contact(
        matter, means=said.means, reached=said.reached, said=said.said, said_at=said.said_at, by=by, expected=version
    )


def _ask_help(matter: "Matter", said: shapes.AskHelp, by: Actor, version: int | None) -> "Matter":
    return service.ask_help(matter, bodies=[reading.one_body(each) for each in said.bodies], by=by, expected=version)


def _split(matter: "Matter", said: shapes.Split, by: Actor, version: int | None) -> "Matter":
    wanted = [service.Wanted(each.what, reading.one_body(each.to), each.category or "") for each in said.into]
    return service.split(matter, into=wanted, by=by, expected=version)


def _merge(matter: "Matter", said: shapes.Merge, by: Actor, version: int | None) -> "Matter":
    """Others come into this one. One that is not there, or not within reach, is nothing to this token."""
    found = queries.among(by, said.others)
    if missing := [number for number in said.others if number not in found]:
        raise Http404(_("没有 %(number)s 这件诉求，或不在您的管辖范围内。") % {"number": missing[0]})
    seen = {matter.number: version} if version is not None else None
    return service.merge(found.values(), into=matter, by=by, expected=seen)


VERBS: tuple[Verb, ...] = (
    Verb("settle", translatable("当场解决"), shapes.Settle, lambda m, s, by, v: service.settle(m, reply=s.reply, by=by, expected=v)),
    Verb("raise_up", translatable("上报"), shapes.RaiseUp, lambda m, s, by, v: service.raise_up(m, reason=s.reason, tried=s.tried, by=by, expected=v)),
    Verb("assign", translatable("派单"), shapes.Assign, _assign),
    Verb("accept", translatable("受理"), shapes.Empty, lambda m, _s, by, v: service.accept(m, by=by, expected=v)),
    Verb(
        "object", translatable("职责异议"), shapes.Object,
        lambda m, s, by, v: service.object_to(m, reason=s.reason, note=s.note, believed=reading.body_of(s.believed), by=by, expected=v),
    ),
    Verb("rule", translatable("裁定"), shapes.Rule, _rule),
    Verb("ask_extension", translatable("申请延期"), shapes.AskExtension, lambda m, s, by, v: service.ask_extension(m, days=s.days, why=s.why, by=by, expected=v)),
    Verb("extend", translatable("同意延期"), shapes.Empty, lambda m, _s, by, v: service.extend(m, by=by, expected=v)),
    Verb("refuse_extension", translatable("不同意延期"), shapes.Why, lambda m, s, by, v: service.refuse_extension(m, why=s.why, by=by, expected=v)),
    Verb("carry", translatable("挂账"), shapes.Carry, lambda m, s, by, v: service.carry(m, reason=s.reason, why=s.why, review_on=s.review_on, by=by, expected=v)),
    Verb("review", translatable("挂账再看，继续挂账"), shapes.Review, lambda m, s, by, v: service.review(m, why=s.why, review_on=s.review_on, by=by, expected=v)),
    Verb("take_back", translatable("重新办理"), shapes.WhyTold, lambda m, s, by, v: service.take_back(m, why=s.why, by=by, expected=v)),
    Verb("answer", translatable("答复"), shapes.AnswerTo, lambda m, s, by, v: service.answer(m, outcome=s.outcome, reply=s.reply, by=by, expected=v)),
    Verb("verify", translatable("核实通过"), shapes.Note, lambda m, s, by, v: service.verify(m, note=s.note, by=by, expected=v)),
    Verb("redo", translatable("退回重办"), shapes.Redo, lambda m, s, by, v: service.redo(m, reason=s.reason, note=s.note, by=by, expected=v)),
    Verb(
        "propose_exclusion", translatable("提出不予受理"), shapes.ProposeExclusion,
        lambda m, s, by, v: service.propose_exclusion(m, reason=s.reason, said=s.said, channel=s.channel, by=by, expected=v),
    ),
    Verb("exclude", translatable("确认不予受理"), shapes.Empty, lambda m, _s, by, v: service.exclude(m, by=by, expected=v)),
    Verb("keep", translatable("不同意不予受理，照常派单"), shapes.Why, lambda m, s, by, v: service.keep(m, why=s.why, by=by, expected=v)),
    Verb("look_again", translatable("复核不予受理"), shapes.LookAgain, lambda m, s, by, v: service.look_again(m, stands=s.stands, why=s.why, by=by, expected=v)),
    Verb("find", translatable("抽查不予受理"), shapes.Find, lambda m, s, by, v: service.find(m, rightly=s.rightly, why=s.why, by=by, expected=v)),
    Verb("contact", translatable("首次联系"), shapes.FirstContact, _contact),
    Verb("ask_help", translatable("请协办"), shapes.AskHelp, _ask_help),
    Verb("advise", translatable("协办意见"), shapes.Advise, lambda m, s, by, v: service.advise(m, opinion=s.opinion, by=by, expected=v)),
    Verb("ask_approval", translatable("清单外请示"), shapes.AskApproval, lambda m, s, by, v: service.ask_approval(m, to=reading.one_body(s.to), why=s.why, by=by, expected=v)),
    Verb("approve", translatable("批准清单外派办"), shapes.Empty, lambda m, _s, by, v: service.approve(m, by=by, expected=v)),
    Verb("reject", translatable("不批清单外派办"), shapes.Why, lambda m, s, by, v: service.reject(m, why=s.why, by=by, expected=v)),
    Verb("refuse_off_list", translatable("清单外拒接"), shapes.Empty, lambda m, _s, by, v: service.refuse_off_list(m, by=by, expected=v)),
    Verb("merge", translatable("把几件并进来"), shapes.Merge, _merge),
    Verb("unmerge", translatable("撤回并案"), shapes.WhyTold, lambda m, s, by, v: service.unmerge(m, why=s.why, by=by, expected=v)),
    Verb("split", translatable("拆分"), shapes.Split, _split),
    Verb("add", translatable("补充"), shapes.Add, _add),
    Verb("press", translatable("督办"), shapes.Press, _press),
    Verb("withdraw_card", translatable("撤销督办"), shapes.Reason, lambda m, s, by, v: service.withdraw_card(m, reason=s.reason, by=by, expected=v)),
    Verb("respond", translatable("回复督办"), shapes.Respond, lambda m, s, by, v: service.respond(m, said=s.said, by=by, expected=v)),
    Verb("visit", translatable("回访"), shapes.VisitCall, _visit),
    Verb("appeal", translatable("评价申诉"), shapes.AppealOf, lambda m, s, by, v: service.appeal(m, reason=s.reason, note=s.note, by=by, expected=v)),
    Verb("decide_appeal", translatable("审评价申诉"), shapes.DecideAppeal, lambda m, s, by, v: service.decide_appeal(m, upheld=s.upheld, note=s.note, by=by, expected=v)),
    Verb("note", translatable("内部备注"), shapes.Noted, lambda m, s, by, _v: service.note(m, said=s.said, by=by)),
    Verb("mask", translatable("核定公开字句"), shapes.Mask, lambda m, s, by, _v: service.mask(m, keep=s.keep, hide=s.hide, by=by)),
    Verb("hold", translatable("暂缓清除"), shapes.Reason, _hold),
    Verb("release", translatable("解除暂缓"), shapes.Why, lambda m, s, by, _v: service.release(m, why=s.why, by=by)),
    Verb("reveal", translatable("查看联系方式"), shapes.Reveal, _reveal),
)  # fmt: skip


POWERS = {"look_again": LIFE.uphold_exclusion.power, "find": LIFE.find_right.power}
"""Of verbs that end in several states, and are therefore no move by their own name."""


UNVERSIONED = {"add", "reveal", "note", "mask", "hold", "release"}
"""What stands beside what others did and overwrites nothing: no If-Match is compared."""


def _declare(verb: Verb) -> None:
    def view(request: HttpRequest, number: Number, said: verb.shape, mark: Version = None) -> Answer:  # type: ignore[name-defined]
        """See what it is, whether the token may at all, then do it."""
        actor = actor_of(request)
        found = queries.get(actor, number)
        require(actor, POWERS.get(verb.name) or LIFE.moves[verb.name].power)
        asking.before_telling(verb.name, said)
        matter = verb.do(found, said, actor, expected(mark))
        return Answer(reading.receipt(matter), version=matter.version)

    view.__name__ = f"matters_{verb.name}"
    more = (404, 409) if verb.name in UNVERSIONED else (404, 409, 412)
    acts(f"/matters/{{number}}/{verb.name}", shapes.Receipt, tag=STEPS, summary=verb.summary, more=more)(view)


for _each in VERBS:
    _declare(_each)
