"""拆分 — one matter, several bodies: each part is a matter of its own under the number with a suffix; the whole stays one.

The rule of its day: a part's limit is its own category's, counted from when the resident's clock began (what stood
still then does not count); the whole is due when the latest of its parts is. The whole is answered, once, when every
part has been answered and verified; its reply is theirs, one after the other. What parts do is heard by a reader of
the journal (reactions.py), under the lock of the whole: whatever is killed in between, it is done once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from linli.facts.matters import (
    MatterAnswered,
    MatterKeptUp,
    MatterParted,
    MatterPartWithdrawn,
    MatterSplit,
    MatterVerified,
)
from linli.kernel import text
from linli.mechanisms import flow, journal, rulebook, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Body
from linli.mechanisms.flow import NotNow, clocks, timers
from linli.mechanisms.flow.models import Pause
from linli.work.matters import proposals, supervision, words
from linli.work.matters.flow import ENDED, LIFE, PART_OF_IT, State
from linli.work.matters.models import Matter
from linli.work.matters.rules import Categories, Outcomes
from linli.work.matters.service import clockwork, contactclock
from linli.work.matters.service.handling import (
    MissingWordsError,
    clear_cards,
    hold,
    may_be_sent,
    start_accepting,
    visit_all_along,
)
from linli.work.matters.service.registering import title_of

FEWEST, MOST = 2, 9
"""One part is no split; the suffix is one digit."""
READER = Actor.system("parts")


@dataclass(frozen=True)
class Wanted:
    """One part as the dispatcher wants it: what is to be done, by whom, under which category."""

    what: str
    to: Body
    category: str = ""


def split(matter: Matter, *, into: Sequence[Wanted], by: Actor, expected: int | None = None) -> Matter:
    """拆分 — parts for different bodies; the matter itself waits for all of them. Raises MissingWordsError, Refused, NotNow."""
    _whole(matter, into)
    with flow.step(matter, LIFE.split, by=by, expected=expected) as (matter, step):
        hold(matter, by)
        if matter.parent_id is not None:
            raise NotNow(_("这已经是一部分，不能再拆。"))
        before = matter.parts.count()
        if before + len(into) > MOST:
            raise NotNow(_("一件最多拆成 %(most)s 部分。") % {"most": MOST})
        began = _began(matter, step.now)
        for name in ("handle", "accept"):
            clocks.stop(matter.subject, name, at=step.now)
        contactclock.stop(matter, at=step.now)  # Each body with a part speaks with the resident itself.
        timers.disarm(matter.subject)
        made = [
            _part(matter, f"{matter.number}-{n}", wanted, began=began, now=step.now, by=by)
            for n, wanted in enumerate(into, start=before + 1)
        ]
        latest = max(made, key=lambda each: each.due_at)
        matter.due_at, matter.due_rule, matter.due_provisional = latest.due_at, latest.due_rule, latest.due_provisional
        matter.overdue, matter.moved_at = False, step.now
        matter.handler = proposals.first_receiver(matter.level, territory.slots(matter.place_ids[0]))
        step.record(
            MatterSplit(
                matter.number, parts=tuple(each.number for each in made), handler=matter.handler_id, answer_by=matter.due_at
            )
        )  # fmt: skip
    return matter


def keep_up_with_parts(number: str, *, by: Actor = READER) -> None:
    """What its parts have come to: the whole's day follows theirs; when all have been answered and verified, it is answered."""
    with transaction.atomic():
        matter = Matter.objects.select_for_update(no_key=True).filter(number=number, state=State.SPLIT).first()
        if matter is None:
            return
        parts = _last_parts(matter)
        open_parts = [each for each in parts if each.state not in ENDED]
        if not open_parts:
            _put_together(matter, [each for each in parts if each.state == State.CLOSED], by=by)
            return
        latest = max(parts, key=lambda each: each.due_at)
        if latest.due_at != matter.due_at:
            with flow.act(matter, LIFE.keep_up, by=by) as (matter, step):
                matter.due_at, matter.due_rule = latest.due_at, latest.due_rule
                matter.due_provisional = latest.due_provisional
                step.record(MatterKeptUp(matter.number, answer_by=matter.due_at))


def withdraw_parts(number: str, *, by: Actor = READER) -> None:
    """The resident took the whole back: nobody goes on with a part of it."""
    parts = Matter.objects.filter(parent__number=number, parent__state=State.WITHDRAWN, state__in=PART_OF_IT)
    for part in parts.order_by("pk"):
        try:
            with flow.step(part, LIFE.withdraw_part, by=by) as (part, step):  # noqa: PLW2901  The locked row takes its name.
                for name in ("handle", "accept", "rule", "verify", "contact"):
                    clocks.stop(part.subject, name, at=step.now)
                timers.disarm(part.subject)
                part.carries.filter(ended_at__isnull=True).update(ended_at=step.now)
                part.ended_at = part.moved_at = step.now
                step.record(MatterPartWithdrawn(part.number, whole=number, handler=part.handler_id))
        except NotNow:
            continue  # It ended this moment.


def _whole(matter: Matter, into: Sequence[Wanted]) -> None:
    if len(into) < FEWEST:
        raise MissingWordsError(_("至少拆成两部分，每部分写明办什么、由谁办。"))
    if any(len(text.clean(each.what)) < 2 for each in into):
        raise MissingWordsError(_("每一部分都要写明办什么。"))
    if any(each.to.area_id not in matter.place_ids for each in into):
        raise Refused(_("有一个单位管不到这一件所在的地方，请另选。"))
    if len({(each.to.pk, text.clean(each.what)) for each in into}) != len(into):
        raise MissingWordsError(_("有两部分一模一样。"))
    for each in into:
        if each.category:
            rulebook.current(Categories).list.item(each.category)


def _began(matter: Matter, now: datetime) -> datetime:
    """Since when the resident's clock runs, what stood still taken off."""
    running = clocks.running(matter.subject, "handle")
    if running is None:
        return now
    still = sum((each.resumed_at - each.paused_at for each in Pause.objects.filter(clock=running)), timedelta())
    return min(running.started_at + still, now)


def _part(whole: Matter, number: str, wanted: Wanted, *, began: datetime, now: datetime, by: Actor) -> Matter:
    category = wanted.category or whole.category
    may_be_sent(whole, wanted.to, category=category)
    said = text.clean(wanted.what)
    part = Matter(
        number=number, title=title_of(said), text=said, category=category, confidence=1.0, risk=whole.risk,
        channel=whole.channel, visibility=whole.visibility,
        is_public=False, is_report=whole.is_report, city_id=whole.city_id, county_id=whole.county_id,
        township_id=whole.township_id, community_id=whole.community_id, grid_id=whole.grid_id,
        place_text=whole.place_text, lon=whole.lon, lat=whole.lat, level=whole.level, handler=wanted.to, parent=whole, contacted_at=whole.contacted_at,
        registered_at=now, moved_at=now,
    )  # fmt: skip
    part.search = words.tokens(part)
    with flow.begin(part, LIFE.part, by=by) as (part, step):
        limit, rule = proposals.limit_for("handle", category=category, risk=part.risk)
        due = clocks.start(part.subject, "handle", limit=limit, rule=rule, at=began)
        part.due_at, part.due_rule, part.due_provisional = due.at, rule, due.provisional
        accept_by, _rule = start_accepting(part, at=step.now)
        clockwork.arm(part, now=min(step.now, part.due_at))
        contactclock.begin(part, at=step.now)
        step.record(
            MatterParted(
                part.number, whole=whole.number, category=category, level=part.level, handler=wanted.to.pk,
                handler_name=wanted.to.short_name, accept_by=accept_by, answer_by=part.due_at, rule=rule,
                words=words.digest(part.subject, said),
            )
        )  # fmt: skip
    return part


def _last_parts(whole: Matter) -> list[Matter]:
    """The parts of its last splitting: of one split again after a resident's no, the earlier parts have had their answer."""
    (last,) = journal.last([whole.subject], [LIFE.split.name])
    assert isinstance(last.fact, MatterSplit)
    return list(Matter.objects.filter(number__in=last.fact.parts).select_related("handler").order_by("pk"))


def _put_together(matter: Matter, done: list[Matter], *, by: Actor) -> None:
    """合成答复 — one reply out of theirs, with the outcome of the one that came off worst; and the resident is asked."""
    with flow.step(matter, LIFE.put_together, by=by) as (matter, step):
        reply = "\n".join(
            _("%(n)s、%(body)s：%(reply)s") % {"n": n, "body": each.handler.short_name, "reply": each.reply}
            for n, each in enumerate(done, start=1)
        )
        matter.outcome, matter.reply, matter.settled_on_spot = _worst(done), reply, False
        matter.answered_at = matter.moved_at = step.now
        limit, _rule = proposals.limit_for("rate", category=matter.category, risk=matter.risk)
        wait = rulebook.working_calendar().due(step.now, limit)
        timers.arm(matter.subject, clockwork.LAPSE, at=wait.at)
        matter.solved, matter.verdict = None, None
        matter.visit_at, matter.visit_tries = supervision.visit_due(matter, now=step.now, rate_by=wait.at), 0
        visit_all_along(matter, now=step.now, rate_by=wait.at)
        said = words.say(
            matter, step, reply if len(reply) <= words.LONGEST else f"{reply[: words.LONGEST - 1]}…", for_resident=True
        )
        in_time = all(each.answered_at is None or each.answered_at <= matter.due_at for each in done)
        step.record(
            MatterAnswered(
                matter.number, handler=matter.handler_id, outcome=matter.outcome, in_time=in_time, words=said
            ),
            MatterVerified(matter.number, rate_by=wait.at, cards_cleared=clear_cards(matter, step)),
        )


def _worst(done: list[Matter]) -> str:
    """The outcome that says least: one part not solved, and the whole is not."""
    outcomes = rulebook.current(Outcomes).list
    order = ("unsolved", "neutral", "solved")
    return min((each.outcome for each in done), key=lambda code: order.index(outcomes.item(code).counts_as))
