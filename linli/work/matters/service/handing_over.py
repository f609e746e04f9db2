"""移交 — what was not taken up here goes to the city's hotline: its number there, how far it is, and what it will not take.

Whoever handed it over did so by an exclusion (不予受理) on a ground that names the hotline, with a second person: there is
no other way out of the city. The clock stopped with it, and goes on as if it had only paused when a second look finds
that it should not have been.
"""

from django.utils.translation import gettext as _

from linli.facts.matters import MatterHandedOver, MatterHandOverTold
from linli.kernel import text
from linli.mechanisms import flow
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import NotNow
from linli.work.matters import exclusions, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter, SecondLook
from linli.work.matters.service.looking import ask_above


def hand_over(matter: Matter, *, foreign: str, contact: bool, by: Actor) -> Matter:
    """移交热线 — it was taken there under this number; `contact`: how to reach the reporter went with it.

    Raises NotNow where it has a number of an outside system already.
    """
    with flow.act(matter, LIFE.hand_over, by=by) as (matter, step):
        exclusion = exclusions.last_of(matter)
        if matter.foreign_number or exclusion is None:
            raise NotNow(_("这一件已经有外部编号了。"))
        matter.foreign_number = text.clean(foreign)[:40]
        matter.search = words.tokens(matter)
        step.record(MatterHandedOver(matter.number, exclusion.number, matter.foreign_number, contact=contact))
    return matter


def tell_hand_over(matter: Matter, *, status: str, name: str, said: str, by: Actor) -> Matter:
    """移交后的进展 — what the hotline says of it, told to the resident in its own words."""
    with flow.act(matter, LIFE.tell_hand_over, by=by) as (matter, step):
        digest = words.say(matter, step, said, for_resident=True)
        step.record(MatterHandOverTold(matter.number, matter.foreign_number, status, name, words=digest))
    return matter


def return_hand_over(matter: Matter, *, why: str, by: Actor) -> Matter:
    """移交被退回 — the hotline will not take it: a level above looks whether it is ours after all. Nothing falls between two.

    Raises NotNow where it is no longer excluded, or was sent back before.
    """
    with flow.step(matter, LIFE.return_hand_over, by=by) as (matter, step):
        exclusion = exclusions.last_of(matter)
        asked = SecondLook.Asker.HOTLINE
        if exclusion is None or exclusion.looks.filter(asked_by=asked).exists():
            raise NotNow(_("这一件热线已经退回过一次，上一级已经复核。"))
        digest = words.say(matter, step, why, for_resident=True)
        step.record(ask_above(matter, step, asked_by=asked, digest=digest))
    return matter
