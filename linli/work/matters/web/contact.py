"""首次联系 on an official's screen: one form, filled in under half a minute after the call."""

from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.work.matters import service
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.web.verbs import verb_of


def _moment(posted: QueryDict, name: str) -> datetime:
    """What a datetime-local field sends: the city's time without a zone."""
    try:
        typed = datetime.fromisoformat(posted.get(name, ""))
        return typed.replace(tzinfo=clock.CITY) if typed.tzinfo is None else typed.astimezone(clock.CITY)
    except (ValueError, OverflowError):
        raise MissingWordsError(_("请写什么时刻联系的，如 2026-11-23 09:30。")) from None


contact = verb_of(
    "contact",
    lambda m, p, by, v: service.contact(
        m, means=p.get("means", ""), reached=p.get("reached") == "yes", said=p.get("said", ""),
        said_at=_moment(p, "said_at"), by=by, expected=v,
    ),
    lambda m: _("已记下，居民看得到。") if m.contacted_at else _("已记下没有联系上；时限还在走，请换个时候再联系。"),
)  # fmt: skip
