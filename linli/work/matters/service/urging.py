"""催办 — a resident asks for haste; whoever has the matter and their head hear it. No date changes by it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linli.facts.matters import MatterUrged
from linli.kernel import clock
from linli.mechanisms import flow
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import NotNow
from linli.work.matters import exclusions
from linli.work.matters.flow import LIFE, State
from linli.work.matters.models import Matter


def urge(matter: Matter, *, by: Actor) -> Matter:
    """催办 — once in the list's period. Raises NotNow with the moment from which it goes again."""
    with flow.act(matter, LIFE.urge, by=by) as (matter, step):
        again = exclusions.next_urging(matter)
        if again is not None and step.now < again:
            local = again.astimezone(clock.CITY)
            raise NotNow(
                _("您刚催过，已经转告%(body)s了。%(day)s %(hour)s以后可以再催。")
                % {
                    "body": matter.handler.short_name,
                    "day": date_format(local, "MONTH_DAY_FORMAT"),
                    "hour": f"{local:%H:%M}",
                }
            )
        matter.urged += 1
        matter.urged_at = matter.moved_at = step.now
        step.record(
            MatterUrged(
                matter.number, times=matter.urged, handler=matter.handler_id, handler_name=matter.handler.short_name,
                area=matter.grid_id if matter.state == State.WITH_GRID else None,
            )
        )  # fmt: skip
    return matter
