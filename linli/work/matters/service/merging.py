"""并案 — several matters about one thing go on as one, every reporter with it; and come out again as they were.

Never a chain, never a ring: whoever merges locks every matter concerned, those that already go along with one of them
included, in one order; a matter that takes others in cannot itself be merged at the same time.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.facts.matters import (
    MatterHeardAlong,
    MatterLetGo,
    MatterMerged,
    MatterTookIn,
    MatterUnmerged,
    MatterWentAlong,
)
from linli.kernel import clock
from linli.mechanisms import flow
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import Move, NotNow, clocks, timers
from linli.mechanisms.territory.words import level_words
from linli.work.matters import queries, together, words
from linli.work.matters.flow import ENDED, LIFE, State
from linli.work.matters.models import Matter, Merge, Support
from linli.work.matters.service import clockwork
from linli.work.matters.service.handling import MissingWordsError, need
from linli.work.matters.service.waiting import REVIEW, end_of

BACK_TO: dict[str, Move] = {
    State.WITH_GRID: LIFE.unmerge_to_grid,
    State.TRIAGE: LIFE.unmerge_to_triage,
    State.ASSIGNED: LIFE.unmerge_to_assigned,
    State.HANDLING: LIFE.unmerge,
    State.CARRIED: LIFE.unmerge_to_carried,
}
"""One verb, and the state each had before."""
ITSELF = Actor.system("merging")


class StandsAlone(NotNow):
    """It does not go along with another any more: it was taken out this moment."""


def merge(others: Iterable[Matter], *, into: Matter, by: Actor, expected: Mapping[str, int] | None = None) -> Matter:
    """并案 — `into` goes on; each of the others goes along with it, its clock standing still.

    All or none. What already went along with one of the others goes along with `into` from here on. `expected`: the
    versions the person saw, by number. Raises Refused, NotNow, Stale, MissingWordsError.
    """
    wanted = sorted({each.pk: each for each in others if each.pk != into.pk}.values(), key=lambda each: each.pk)
    if not wanted:
        raise MissingWordsError(_("请至少勾选一件要并进来的。"))
    seen = expected or {}
    with transaction.atomic():
        rows = _locked({into.pk, *(each.pk for each in wanted)}, followers=True)
        main, chosen = rows[into.pk], [rows[each.pk] for each in wanted]
        _may_go_together(main, chosen, by)
        with flow.act(main, LIFE.take_in, by=by, expected=seen.get(main.number)) as (main, step):
            before = _devices(main)
            for each in chosen:
                if each.state == State.MERGED and (held := together.merge_of(each)) is not None:
                    raise NotNow(
                        _("%(number)s 已经并入 %(main)s，不能再并。")
                        % {"number": each.number, "main": held.main.number}
                    )
                for row in together.merged_into(each):
                    _go_along(row, each, main, by)
                _put_aside(each, main, by, seen.get(each.number))
            main.supporters += _devices(main) - before
            main.moved_at = step.now
            step.record(
                MatterTookIn(
                    main.number, merged=tuple(each.number for each in chosen), reporters=together.reporters(main),
                    handler=main.handler_id,
                )
            )  # fmt: skip
    return main


def unmerge(matter: Matter, *, why: str, by: Actor, expected: int | None = None) -> Matter:
    """撤回并案 — it comes out with its own state as it was, its clock as if paused meanwhile; its reporter is told why.

    Raises NotNow when the matter it went along with has ended: then its reporter has the last word, as all have.
    """
    need(why, _("请写明为什么分开办，反映人会看到。"))
    with _together(matter) as (held, rows):
        main = rows[held.main_id]
        if main.state in ENDED:
            raise NotNow(
                _("主件 %(main)s 已经办结，不能再分开。还没有解决的，反映人说一声“没解决”，主件就重办。")
                % {"main": main.number}
            )
        if not queries.among(by, [main.number]):
            raise Refused(_("主件不在您的管辖范围内，请由那里的调度员分开。"))
        _hold(main, by)
        return _come_out(held, rows[matter.pk], main, why=why, by=by, expected=expected)


@contextmanager
def along(
    matter: Matter, move: Move, *, by: Actor, expected: int | None = None
) -> Iterator[tuple[Matter, flow.Step, Merge, Matter]]:
    """An act on a merged matter that concerns the one it goes along with: both locked, in one order."""
    with _together(matter) as (held, rows), flow.act(rows[matter.pk], move, by=by, expected=expected) as (row, step):
        yield row, step, held, rows[held.main_id]


def tell_main(main: Matter, merged: Matter, what: str, *, by: Actor) -> None:
    """Whoever has the main matter hears that the reporter of a merged one said something."""
    with flow.act(main, LIFE.hear_along, by=by) as (main, step):
        step.record(MatterHeardAlong(main.number, merged=merged.number, what=what, handler=main.handler_id))


def part_company(matter: Matter, *, by: Actor) -> None:
    """Before a reporter takes a matter back: what goes along with it stands for itself; it leaves the one it goes along with.

    Inside the caller's transaction, and afterwards it is locked.
    """
    while True:
        if together.merge_of(matter) is not None:
            with _together(matter) as (held, rows):
                main = rows[held.main_id]
                if main.state in LIFE.hear_along.sources:
                    tell_main(main, matter, "withdraw", by=by)
                held.ended_at = clock.now()
                held.save(update_fields=["ended_at"])
            return
        before = transaction.savepoint()
        rows = _locked({matter.pk}, followers=True)
        if together.merge_of(matter) is None:
            transaction.savepoint_commit(before)
            break
        transaction.savepoint_rollback(before)  # It was merged while we waited.
    why = _("一起办的那一件，反映人撤回了；您这一件单独接着办。")
    for held in together.merged_into(matter):
        _come_out(held, rows[held.matter_id], rows[matter.pk], why=why, by=ITSELF)


def _may_go_together(main: Matter, chosen: list[Matter], by: Actor) -> None:
    numbers = [main.number, *(each.number for each in chosen)]
    if len(queries.among(by, numbers)) != len(numbers):
        raise Refused(_("有一件不在您的管辖范围内，不能并。"))
    for each in (main, *chosen):
        _hold(each, by)
        if each.parent_id is not None:
            raise NotNow(_("%(number)s 是一件的一部分，不能单独并。") % {"number": each.number})
        if each.is_report != main.is_report:
            raise NotNow(_("举报和一般诉求不能并在一起：反映人的身份要保密。"))


def _hold(matter: Matter, by: Actor) -> None:
    if by.kind == "staff" and by.area_level > matter.level:
        raise Refused(
            _("%(number)s 现在在%(level)s一级，请由那一级处理。")
            % {"number": matter.number, "level": level_words(matter.level)}
        )


def _put_aside(matter: Matter, main: Matter, by: Actor, expected: int | None) -> None:
    with flow.step(matter, LIFE.merge, by=by, expected=expected) as (matter, step):
        kept = {kind: at.isoformat() for kind, at in timers.armed(matter.subject).items()}
        clocks.pause_all(matter.subject, at=step.now)
        timers.disarm(matter.subject)
        Merge.objects.create(matter=matter, main=main, state_before=matter.state, timers=kept, merged_at=step.now)
        matter.moved_at = step.now
        step.record(MatterMerged(matter.number, main=main.number, handler=matter.handler_id))


def _go_along(held: Merge, before: Matter, main: Matter, by: Actor) -> None:
    """What went along with a matter that is merged now goes along with the same one: no chains."""
    with flow.act(held.matter, LIFE.go_along, by=by) as (matter, step):
        held.main = main
        held.save(update_fields=["main"])
        matter.moved_at = step.now
        step.record(MatterWentAlong(matter.number, before=before.number, main=main.number))


def _come_out(held: Merge, matter: Matter, main: Matter, *, why: str, by: Actor, expected: int | None = None) -> Matter:
    move = BACK_TO[held.state_before]
    with flow.act(main, LIFE.let_go, by=by) as (main, main_step):
        before = _devices(main)
        with flow.step(matter, move, by=by, expected=expected) as (matter, step):
            held.ended_at = step.now
            held.save(update_fields=["ended_at"])
            _go_on(matter, held, now=step.now)
            matter.moved_at = step.now
            said = words.say(matter, step, why, for_resident=True)
            step.record(
                MatterUnmerged(
                    matter.number, main=main.number, handler=matter.handler_id, answer_by=matter.due_at,
                    merged_at=held.merged_at, words=said,
                )
            )  # fmt: skip
        main.supporters += _devices(main) - before
        main.moved_at = main_step.now
        main_step.record(
            MatterLetGo(main.number, merged=matter.number, reporters=together.reporters(main), handler=main.handler_id)
        )
    return matter


def _go_on(matter: Matter, held: Merge, *, now: datetime) -> None:
    """Clocks and timers as if the time between had not been."""
    aside = now - held.merged_at
    again = {kind: datetime.fromisoformat(at) + aside for kind, at in held.timers.items()}
    for name in clocks.paused_at(matter.subject, held.merged_at):
        due = clocks.resume(matter.subject, name, at=now)
        if name == "handle":
            matter.due_at, matter.due_provisional = due.at, due.provisional
            matter.overdue = matter.overdue and due.at < now
            again |= {kind: at for kind, at in clockwork.moments(matter, now=now).items() if kind in again}
        elif name == "contact":
            matter.contact_by = due.at
    for carried in matter.carries.filter(ended_at__isnull=True):
        carried.review_on += now.astimezone(clock.CITY).date() - held.merged_at.astimezone(clock.CITY).date()
        carried.save(update_fields=["review_on"])
        again[REVIEW] = end_of(carried.review_on)
    timers.arm_all(matter.subject, again)


def _locked(pks: set[int], *, followers: bool = False) -> dict[int, Matter]:
    """These matters, locked in the one order in which all who lock several do: nobody waits for each other in a ring.

    `followers`: with everything that goes along with one of them; what joins while we wait is not left out.
    """
    while True:
        wanted = pks | _along_with(pks) if followers else pks
        before = transaction.savepoint()
        rows = Matter.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted).order_by("pk")
        found = {each.pk: each for each in rows.select_related("handler")}
        if not followers or _along_with(pks) <= wanted:
            transaction.savepoint_commit(before)
            return found
        transaction.savepoint_rollback(before)


def _along_with(pks: set[int]) -> set[int]:
    rows = Merge.objects.filter(main_id__in=pks, ended_at__isnull=True)
    return set(rows.values_list("matter_id", flat=True))


@contextmanager
def _together(matter: Matter) -> Iterator[tuple[Merge, dict[int, Matter]]]:
    """A merged matter and the one it goes along with, both locked; whichever that is by the time we have them."""
    with transaction.atomic():
        while True:
            held = together.merge_of(matter)
            if held is None:
                raise StandsAlone(_("这一件已经单独办了，请刷新后再看。"))
            before = transaction.savepoint()
            rows = _locked({matter.pk, held.main_id})
            again = together.merge_of(matter)
            if again is not None and (again.pk, again.main_id) == (held.pk, held.main_id):
                transaction.savepoint_commit(before)
                break
            transaction.savepoint_rollback(before)
        yield again, rows


def _devices(main: Matter) -> int:
    """How many devices said of one of the matters that go together: the same here."""
    group = {main.pk} | _along_with({main.pk})
    return Support.objects.filter(matter_id__in=group).values("device").distinct().count()
