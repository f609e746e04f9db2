"""What residents do with their matter: add to it, take it back, have the last word. And what neighbours do: support it."""

from typing import Literal

from django.utils.translation import gettext as _

from linli.engines.pictures import Picture
from linli.facts.matters import MatterAdded, MatterRated, MatterReopened, MatterSupported, MatterWithdrawn
from linli.mechanisms import flow, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import Move, clocks, timers
from linli.work.matters import proposals, rules, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter, Support
from linli.work.matters.service import handling, photos, pressing

Channel = Literal["page", "phone"]
"""How a resident said whether it is solved."""


def add(matter: Matter, *, said: str, by: Actor, pictures: tuple[Picture, ...] = ()) -> Matter:
    """补充 — more words or photos; whoever has it sees them at once."""
    if not said.strip() and not pictures:
        raise handling.MissingWordsError(_("请写点什么，或加一张照片。"))
    with flow.act(matter, LIFE.add, by=by) as (matter, step):
        digest = words.say(matter, step, said, for_resident=True)
        kept = photos.keep(matter, pictures, at=step.now, by_resident=by.kind != "staff")
        matter.moved_at = step.now
        step.record(MatterAdded(matter.number, photos=kept, words=digest))
    return matter


def withdraw(matter: Matter, *, why: str, by: Actor) -> Matter:
    """撤回 — the resident takes it back; the record stays, the clocks stop."""
    with flow.step(matter, LIFE.withdraw, by=by) as (matter, step):
        for name in ("handle", "accept", "rule", "verify"):
            clocks.stop(matter.subject, name, at=step.now)
        timers.disarm(matter.subject)
        matter.carries.filter(ended_at__isnull=True).update(ended_at=step.now)
        handling.clear_cards(matter, step)
        matter.ended_at = matter.moved_at = step.now
        step.record(MatterWithdrawn(matter.number, words=words.say(matter, step, why, for_resident=True)))
    return matter


def rate(matter: Matter, *, satisfaction: int, by: Actor, comment: str = "", channel: Channel = "page") -> Matter:
    """评价 — solved, and how satisfied (1–5). The matter is closed at the level that has it.

    By telephone (`channel`) it comes through visiting.visit, which says who may have heard it.
    """
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


def reopen(matter: Matter, *, why: str, by: Actor, channel: Channel = "page") -> Matter:
    """没解决 — the resident's word outranks ours: it is in hand again, with a new date.

    The first time it is done again by itself: what a grid worker settled on the spot goes to the community's desk,
    what a body answered goes back to that body. Still not solved, it goes up a level, to the desk there, with all
    that happened; where no level is left, whoever has it is pressed (督办). So no two hands pass it on for ever.
    """
    row = Matter.objects.only("settled_on_spot", "reopened", "level").get(pk=matter.pk)
    goes_up = row.reopened > 0 and row.level > rules.CITY
    with flow.step(matter, _back_move(channel, triage=row.settled_on_spot or goes_up), by=by) as (matter, step):
        if (matter.settled_on_spot, matter.reopened, matter.level) != (row.settled_on_spot, row.reopened, row.level):
            raise flow.NotNow(_("刚才有了变化，请刷新后再看。"))
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
        digest = words.say(matter, step, why, for_resident=True)
        step.record(
            MatterReopened(
                matter.number, level=matter.level, times=matter.reopened, answer_by=matter.due_at, words=digest,
                channel=channel, above=goes_up, handler=matter.handler_id,
            )
        )  # fmt: skip
    return matter


def _back_move(channel: Channel, *, triage: bool) -> Move:
    if channel == "phone":
        return LIFE.reopen_by_phone_for_triage if triage else LIFE.reopen_by_phone
    return LIFE.reopen_for_triage if triage else LIFE.reopen


def support(matter: Matter, *, device: str, by: Actor) -> Matter:
    """附议 — the same trouble; once per device. Raises AlreadySupportedError."""
    with flow.act(matter, LIFE.support, by=by) as (matter, step):
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
