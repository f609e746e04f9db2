"""首次联系 — the body that has a matter speaks with whoever brought it, or writes down that it tried."""

from datetime import datetime

from django.utils.translation import gettext as _

from linli.facts.matters import MatterContacted
from linli.mechanisms import flow, journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import clocks
from linli.work.matters import words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter, Means, Visibility
from linli.work.matters.service import contactclock
from linli.work.matters.service.handling import MissingWordsError, need, own


def contact(
    matter: Matter, *, means: str, reached: bool, said: str, said_at: datetime, by: Actor, expected: int | None = None
) -> Matter:
    """首次联系 — by telephone, on a visit, or by a message on the matter's own page; whether anybody was reached; when.

    An attempt that reached nobody is on record and the clock runs on. In time is what was written down in time: what
    is not written did not happen. Of a 举报 the body does not know who reported: it leaves a message.
    Raises Refused for a matter whose reporter left no way to be reached.
    """
    if means not in Means.values:
        raise MissingWordsError(_("请选是怎么联系的。"))
    if means == Means.MESSAGE:
        need(said, _("请写给居民的话，会显示在他的页面上。"))
    with flow.act(matter, LIFE.contact, by=by, expected=expected) as (matter, step):
        own(matter, by)
        if matter.visibility == Visibility.ANONYMOUS:
            raise Refused(_("反映人没有留下联系方式，不用联系。"))
        if matter.is_report and means != Means.MESSAGE:
            raise Refused(_("这是一件举报，反映人的身份对承办单位保密，只能在页面上留言。"))
        given = _given_at(matter)
        if not given <= said_at <= step.now:
            raise MissingWordsError(_("联系的时刻要在派单以后、现在以前。"))
        reached = reached or means == Means.MESSAGE
        running = clocks.running(matter.subject, "contact")
        in_time = running is None or step.now <= running.due_at
        if reached and matter.contacted_at is None:
            contactclock.stop(matter, at=step.now)
            matter.contacted_at = said_at
        matter.moved_at = step.now
        digest = words.say(matter, step, said, for_resident=means == Means.MESSAGE)
        step.record(
            MatterContacted(
                matter.number, handler=matter.handler_id, means=means, reached=reached, said_at=said_at,
                minutes=int((said_at - given).total_seconds() // 60), in_time=in_time, words=digest,
            )
        )  # fmt: skip
    return matter


def _given_at(matter: Matter) -> datetime:
    """When the body that has it was given it, to the minute: a form knows no seconds."""
    given = journal.last([matter.subject], [LIFE.assign.name, LIFE.uphold.name])
    at = max((each.at for each in given), default=matter.registered_at)
    return at.replace(second=0, microsecond=0)
