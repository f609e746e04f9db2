"""What residents do with their matter: add to it, take it back, have the last word. And what neighbours do: support it."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.pictures import Picture
from linli.facts.matters import (
    MatterAdded,
    MatterAppealable,
    MatterRated,
    MatterRatedAlong,
    MatterReopened,
    MatterReopenedAlong,
    MatterSupported,
    MatterWithdrawn,
)
from linli.mechanisms import flow, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import Move, NotNow, clocks, timers
from linli.work.matters import proposals, rules, supervision, together, words
from linli.work.matters.flow import LIFE, OPEN, State
from linli.work.matters.models import Appealable, Matter, Merge, Support
from linli.work.matters.service import excluding, handling, merging, photos, pressing

Channel = Literal["page", "phone"]
"""How a resident said whether it is solved."""

ASKED = (State.ANSWERED, State.VERIFIED, State.CLOSED)
"""In which of the main matter's states a merged one's reporter is asked whether it is solved."""


def add(matter: Matter, *, said: str, by: Actor, pictures: tuple[Picture, ...] = ()) -> Matter:
    """补充 — more words or photos; whoever has it sees them at once."""
    if not said.strip() and not pictures:
        raise handling.MissingWordsError(_("请写点什么，或加一张照片。"))
    if matter.state == State.MERGED:
        try:
            return _added_along(matter, said, pictures, by=by)
        except merging.StandsAlone:  # Taken out this moment: whoever speaks is heard all the same.
            pass
    with flow.act(matter, LIFE.add, by=by) as (matter, step):
        _added(matter, step, said, pictures, by=by)
        if matter.state == State.SPLIT:  # Whoever has a part hears of it too.
            for part in matter.parts.filter(state__in=OPEN).order_by("pk"):
                merging.tell_main(part, matter, "add", by=by)
    return matter


def _added_along(matter: Matter, said: str, pictures: tuple[Picture, ...], *, by: Actor) -> Matter:
    with merging.along(matter, LIFE.add, by=by) as (matter, step, _held, main):
        _added(matter, step, said, pictures, by=by)
        if main.state in LIFE.hear_along.sources:
            merging.tell_main(main, matter, "add", by=by)
    return matter


def _added(matter: Matter, step: flow.Step, said: str, pictures: tuple[Picture, ...], *, by: Actor) -> None:
    digest = words.say(matter, step, said, for_resident=True)
    kept = photos.keep(matter, pictures, at=step.now, by_resident=by.kind != "staff")
    matter.moved_at = step.now
    step.record(MatterAdded(matter.number, photos=kept, words=digest))


def withdraw(matter: Matter, *, why: str, by: Actor) -> Matter:
    """撤回 — the resident takes it back; the record stays, the clocks stop. What was merged into it goes on by itself."""
    with transaction.atomic():
        merging.part_company(matter, by=by)
        return _withdrawn(matter, why, by=by)


def _withdrawn(matter: Matter, why: str, *, by: Actor) -> Matter:
    with flow.step(matter, LIFE.withdraw, by=by) as (matter, step):
        for name in ("handle", "accept", "rule", "verify", "contact", "confirm", "second_look"):
            clocks.stop(matter.subject, name, at=step.now)
        timers.disarm(matter.subject)
        matter.carries.filter(ended_at__isnull=True).update(ended_at=step.now)
        excluding.give_up(matter, at=step.now)
        handling.clear_cards(matter, step)
        matter.contact_by = None
        matter.ended_at = matter.moved_at = step.now
        step.record(MatterWithdrawn(matter.number, words=words.say(matter, step, why, for_resident=True)))
    return matter


def rate(matter: Matter, *, satisfaction: int, by: Actor, comment: str = "", channel: Channel = "page") -> Matter:
    """评价 — solved, and how satisfied (1–5). The matter is closed at the level that has it.

    By telephone (`channel`) it comes through visiting.visit, which says who may have heard it. The word of a merged matter's reporter is kept with theirs; the one it goes along with is closed by its own.
    """
    if matter.state == State.MERGED:
        return _rated_along(matter, satisfaction, comment, by=by, channel=channel)
    with flow.step(matter, LIFE.rate if channel == "page" else LIFE.rate_by_phone, by=by) as (matter, step):
        clocks.stop(matter.subject, "verify", at=step.now)
        timers.disarm(matter.subject)
        matter.solved, matter.satisfaction, matter.verdict = True, satisfaction, matter.version + 1
        matter.visit_at = None
        matter.ended_at = matter.moved_at = step.now
        level = solved_level(matter)
        digest = words.say(matter, step, comment, for_resident=True)
        step.record(
            MatterRated(
                matter.number, satisfaction=satisfaction, solved_level=level, words=digest, channel=channel,
                cards_cleared=handling.clear_cards(matter, step),
            )
        )  # fmt: skip
    return matter


def _rated_along(matter: Matter, satisfaction: int, comment: str, *, by: Actor, channel: Channel) -> Matter:
    move = LIFE.rate_along if channel == "page" else LIFE.rate_along_by_phone
    with merging.along(matter, move, by=by) as (matter, step, held, main):
        _asked(main)
        _has_spoken(held, solved=True, satisfaction=satisfaction, at=step.now)
        digest = words.say(matter, step, comment, for_resident=True)
        step.record(
            MatterRatedAlong(
                matter.number, main=main.number, satisfaction=satisfaction, words=digest, channel=channel
            )
        )  # fmt: skip
        merging.tell_main(main, matter, "solved", by=by)
    return matter


def reopen(matter: Matter, *, why: str, by: Actor, channel: Channel = "page") -> Matter:
    """没解决 — the resident's word outranks ours: it is in hand again, with a new date.

    The first time it is done again by itself: what a grid worker settled on the spot goes to the community's desk,
    what a body answered goes back to that body. Still not solved, it goes up a level, to the desk there, with all
    that happened; where no level is left, whoever has it is pressed (督办). So no two hands pass it on for ever.
    The body it leaves may still appeal against that rating (评价申诉), and is told so.
    Said by the reporter of a merged matter, on the page or at a return visit, the one it goes along with is worked on
    again, for all of them: what is not solved for one of them is not solved. Whose word it was stands with their own
    report and before whoever has the main one.
    """
    if matter.state == State.MERGED:
        move = LIFE.reopen_along if channel == "page" else LIFE.reopen_along_by_phone
        with merging.along(matter, move, by=by) as (matter, step, held, main):
            _asked(main)
            _has_spoken(held, solved=False, satisfaction=None, at=step.now)
            digest = words.say(matter, step, why, for_resident=True)
            step.record(MatterReopenedAlong(matter.number, main=main.number, words=digest, channel=channel))
            _reopened(main, why=why, merged=matter.number, by=by, channel=channel)
        return matter
    return _reopened(matter, why=why, merged="", by=by, channel=channel)


def _has_spoken(held: Merge, *, solved: bool, satisfaction: int | None, at: datetime) -> None:
    """Kept with their own report; nobody need call them about this answer any more."""
    held.solved, held.satisfaction, held.said_at, held.visit_at = solved, satisfaction, at, None
    held.save(update_fields=["solved", "satisfaction", "said_at", "visit_at"])


def _asked(main: Matter) -> None:
    if main.state not in ASKED:
        raise NotNow(_("这件事现在还在办，答复以后再请您评。"))


def _reopened(matter: Matter, *, why: str, merged: str, by: Actor, channel: Channel) -> Matter:
    row = Matter.objects.only("settled_on_spot", "reopened", "level").get(pk=matter.pk)
    goes_up = row.reopened > 0 and row.level > rules.CITY
    # What several bodies answered goes to the desk that split it: which of them must go on is for it to say.
    triage = goes_up or row.settled_on_spot or matter.parts.exists()
    with flow.step(matter, _back_move(channel, triage=triage), by=by) as (matter, step):
        if (matter.settled_on_spot, matter.reopened, matter.level) != (row.settled_on_spot, row.reopened, row.level):
            raise NotNow(_("刚才有了变化，请刷新后再看。"))
        before = matter.handler_id
        if goes_up:
            matter.level -= 1
            matter.handler = proposals.first_receiver(matter.level, territory.slots(matter.place_ids[0]))
        elif matter.settled_on_spot:
            matter.level = rules.COMMUNITY
        elif matter.reopened:
            timers.arm(matter.subject, pressing.STILL_UNSOLVED, at=step.now)
        matter.solved, matter.satisfaction, matter.verdict = False, None, matter.version + 1
        matter.reopened += 1
        handling.back_in_hand(matter, step)
        # What another reporter said is for who works on it, not for this one's reporter.
        digest = words.say(matter, step, why, for_resident=not merged)
        step.record(
            MatterReopened(
                matter.number, level=matter.level, times=matter.reopened, answer_by=matter.due_at, words=digest,
                channel=channel, above=goes_up, handler=matter.handler_id, merged=merged,
            )
        )  # fmt: skip
        if goes_up and before != matter.handler_id:
            step.record(_may_still_appeal(matter, before, at=step.now))
    return matter


def _may_still_appeal(matter: Matter, body: int, *, at: datetime) -> MatterAppealable:
    """The body that answered has it no more; that it was rated must not be said behind its back."""
    assert matter.verdict is not None
    until = supervision.may_appeal_after(matter, at)
    Appealable.objects.create(matter=matter, body_id=body, verdict=matter.verdict, until=until)
    return MatterAppealable(matter.number, body=body, verdict=matter.verdict, until=until)


def _back_move(channel: Channel, *, triage: bool) -> Move:
    if channel == "phone":
        return LIFE.reopen_by_phone_for_triage if triage else LIFE.reopen_by_phone
    return LIFE.reopen_for_triage if triage else LIFE.reopen


def support(matter: Matter, *, device: str, by: Actor) -> Matter:
    """附议 — the same trouble; once per device. Raises AlreadySupportedError.

    Of a merged matter it is the one it goes along with that is supported; once for all that go together.
    """
    matter = (together.main_of(matter.number) or matter) if matter.state == State.MERGED else matter
    with flow.act(matter, LIFE.support, by=by) as (matter, step):
        if together.has_supported_any(matter, device):
            raise AlreadySupportedError(_("您已经附议过这一件了。"))
        _row, new = Support.objects.get_or_create(
            matter=matter, device=words.device_digest(device), defaults={"at": step.now}
        )
        if not new:
            raise AlreadySupportedError(_("您已经附议过这一件了。"))
        matter.supporters += 1
        step.record(MatterSupported(matter.number, supporters=matter.supporters))
    return matter


class AlreadySupportedError(ValueError):
    """This device has supported this matter before."""


def solved_level(matter: Matter) -> int:
    """化解层级 — where it was settled: the grid if on the spot, else the level that assigned it."""
    return rules.GRID if matter.settled_on_spot else matter.level
