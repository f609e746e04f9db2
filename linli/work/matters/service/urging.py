"""催办 — a resident asks for haste; whoever has the matter and their head hear it. No date changes by it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linli.facts.matters import MatterUrged, MatterUrgedAlong
from linli.kernel import clock
from linli.mechanisms import flow
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import NotNow
from linli.work.matters import exclusions
from linli.work.matters.flow import LIFE, State
from linli.work.matters.models import Matter
from linli.work.matters.service import merging


def urge(matter: Matter, *, by: Actor) -> Matter:
    """催办 — once in the list's period. Raises NotNow with the moment from which it goes again.

    The reporter of a merged matter urges the one it goes along with: once in their own period, whatever the others
    do. It counts there, and whoever has that one hears it.
    """
    if matter.state == State.MERGED:
        return _urged_along(matter, by=by)
    with flow.act(matter, LIFE.urge, by=by) as (matter, step):
        _not_too_soon(matter, matter, step)
        matter.urged += 1
        matter.urged_at = matter.moved_at = step.now
        step.record(_told(matter))
    return matter


def _urged_along(matter: Matter, *, by: Actor) -> Matter:
    with merging.along(matter, LIFE.urge_along, by=by) as (matter, step, _held, main):
        _not_too_soon(matter, main, step)
        matter.urged += 1
        matter.urged_at = matter.moved_at = step.now
        with flow.act(main, LIFE.urge, by=by) as (lead, main_step):
            lead.urged += 1  # Not `urged_at`: the other reporter's own period goes on as it was.
            lead.moved_at = main_step.now
            main_step.record(_told(lead, merged=matter.number))
        step.record(
            MatterUrgedAlong(
                matter.number, main=lead.number, times=matter.urged, handler_name=lead.handler.short_name
            )
        )  # fmt: skip
    return matter


def _told(matter: Matter, *, merged: str = "") -> MatterUrged:
    return MatterUrged(
        matter.number, times=matter.urged, handler=matter.handler_id, handler_name=matter.handler.short_name,
        area=matter.grid_id if matter.state == State.WITH_GRID else None, merged=merged,
    )  # fmt: skip


def _not_too_soon(matter: Matter, lead: Matter, step: flow.Step) -> None:
    again = exclusions.next_urging(matter)
    if again is not None and step.now < again:
        local = again.astimezone(clock.CITY)
        raise NotNow(
            _("您刚催过，已经转告%(body)s了。%(day)s %(hour)s以后可以再催。")
            % {
                "body": lead.handler.short_name,
                "day": date_format(local, "MONTH_DAY_FORMAT"),
                "hour": f"{local:%H:%M}",
            }
        )
