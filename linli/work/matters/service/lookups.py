"""同一个人的别的诉求 — which they are is an identity looked at: a purpose first, and every one of them says so."""

from django.utils.translation import gettext as _

from linli.mechanisms import flow
from linli.mechanisms.access import Actor, Refused, require
from linli.mechanisms.access import service as access
from linli.work.matters import related
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter

FIELD = "earlier"


def look_up(phone: str, *, purpose: str, by: Actor, but: Matter | None = None) -> list[Matter]:
    """The newest ten of this number within reach, after the purpose stands in the journal of each of them.

    `but`: the matter one comes from; the look is written there as well, and it is not listed again. Raises Refused.
    """
    require(by, LIFE.reveal.power)
    if but is not None and related.hides_reporter(by, but):
        raise Refused(_("这是一件举报，反映人的身份对承办单位保密。"))
    rows = related.by_phone(by, phone).select_related("handler").order_by("-registered_at", "-id")
    found = list((rows.exclude(pk=but.pk) if but else rows)[: related.MOST_BY_PERSON])
    for each in [*([but] if but else []), *found]:
        with flow.act(each, LIFE.reveal, by=by) as (matter, step):
            row = access.write_reveal(matter.subject, field=FIELD, purpose=purpose, by=by, at=step.now)
            step.record(access.revealed(row))
    return found
