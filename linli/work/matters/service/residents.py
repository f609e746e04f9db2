"""What residents do with their matter: add to it, take it back, have the last word. And what neighbours do: support it."""

from django.utils.translation import gettext as _

from linli.engines.pictures import Picture
from linli.facts.matters import MatterAdded, MatterRated, MatterReopened, MatterSupported, MatterWithdrawn
from linli.mechanisms import flow
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import clocks, timers
from linli.work.matters import rules, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter, Support
from linli.work.matters.service import excluding, handling, photos


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
        for name in ("handle", "accept", "rule", "verify", "contact", "confirm", "second_look"):
            clocks.stop(matter.subject, name, at=step.now)
        timers.disarm(matter.subject)
        matter.carries.filter(ended_at__isnull=True).update(ended_at=step.now)
        excluding.give_up(matter, at=step.now)
        matter.contact_by = None
        matter.ended_at = matter.moved_at = step.now
        step.record(MatterWithdrawn(matter.number, words=words.say(matter, step, why, for_resident=True)))
    return matter


def rate(matter: Matter, *, satisfaction: int, by: Actor, comment: str = "") -> Matter:
    """评价 — solved, and how satisfied (1–5). The matter is closed at the level that has it."""
    with flow.step(matter, LIFE.rate, by=by) as (matter, step):
        clocks.stop(matter.subject, "verify", at=step.now)
        timers.disarm(matter.subject)
        matter.solved, matter.satisfaction = True, satisfaction
        matter.ended_at = matter.moved_at = step.now
        level = solved_level(matter)
        digest = words.say(matter, step, comment, for_resident=True)
        step.record(MatterRated(matter.number, satisfaction=satisfaction, solved_level=level, words=digest))
    return matter


def reopen(matter: Matter, *, why: str, by: Actor) -> Matter:
    """没解决 — the resident's word outranks ours: it is in hand again, with a new date.

    What a grid worker settled on the spot goes to the community's desk; what a body answered goes back to that body.
    """
    move = LIFE.reopen_for_triage if matter.settled_on_spot else LIFE.reopen
    with flow.step(matter, move, by=by) as (matter, step):
        if matter.settled_on_spot:
            matter.level = rules.COMMUNITY
        matter.solved, matter.satisfaction = False, None
        matter.reopened += 1
        handling.back_in_hand(matter, step)
        digest = words.say(matter, step, why, for_resident=True)
        step.record(
            MatterReopened(
                matter.number, level=matter.level, times=matter.reopened, answer_by=matter.due_at, words=digest
            )
        )
    return matter


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
