"""派单、办理、异议、延期、挂账 on an official's screen: the verbs of whoever has the matter."""

from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body
from linli.work.matters import service
from linli.work.matters.forms import number_from
from linli.work.matters.models import Matter
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.web.verbs import verb_of

settle = verb_of(
    "settle",
    lambda m, p, by, v: service.settle(m, reply=p.get("reply", ""), by=by, expected=v),
    lambda _m: _("已记下。居民会看到这一句，解决没解决由他说。"),
)
raise_up = verb_of(
    "raise_up",
    lambda m, p, by, v: service.raise_up(m, reason=p.get("reason", ""), tried=p.get("tried", ""), by=by, expected=v),
    lambda m: _("已报给%(body)s。") % {"body": m.handler.short_name},
)
accept_it = verb_of("accept", lambda m, _p, by, v: service.accept(m, by=by, expected=v), lambda _m: _("已受理。"))
answer = verb_of(
    "answer",
    lambda m, p, by, v: service.answer(m, outcome=p.get("outcome", ""), reply=p.get("reply", ""), by=by, expected=v),
    lambda _m: _("已答复，等别人核实。"),
)
verify = verb_of(
    "verify",
    lambda m, p, by, v: service.verify(m, note=p.get("note", ""), by=by, expected=v),
    lambda _m: _("核实通过，已请居民评价。"),
)
redo = verb_of(
    "redo",
    lambda m, p, by, v: service.redo(m, reason=p.get("reason", ""), note=p.get("note", ""), by=by, expected=v),
    lambda m: _("已退回%(body)s重办。") % {"body": m.handler.short_name},
)
add = verb_of("add", lambda m, p, by, _v: service.add(m, said=p.get("said", ""), by=by), lambda _m: _("已补充。"))


def bodies_from(posted: QueryDict, name: str) -> list[Body]:
    """The bodies ticked in a form; nothing ticked asks nothing."""
    asked = {int(each) for each in posted.getlist(name) if each.isascii() and each.isdigit() and len(each) <= 10}
    return list(Body.objects.filter(pk__in=asked, valid_to__isnull=True).order_by("id")) if asked else []


def _assign(matter: Matter, posted: QueryDict, by: Actor, version: int | None) -> Matter:
    """照此派 carries the proposed body; 另派 a body, a reason, and perhaps another category."""
    body = Body.objects.filter(pk=number_from(posted, "to") or 0).first()
    if body is None:
        raise MissingWordsError(_("请选一个单位。"))
    return service.assign_with_help(
        matter, to=body, helpers=bodies_from(posted, "helpers"), category=posted.get("category", ""),
        differs=posted.get("differs", ""), by=by, expected=version,
    )  # fmt: skip


assign = verb_of("assign", _assign, lambda m: _("已派给%(body)s。") % {"body": m.handler.short_name})


def _body_from(posted: QueryDict, name: str) -> Body | None:
    return Body.objects.filter(pk=number_from(posted, name) or 0).first()


object_to = verb_of(
    "object",
    lambda m, p, by, v: service.object_to(
        m, reason=p.get("reason", ""), note=p.get("note", ""), believed=_body_from(p, "believed"), by=by, expected=v
    ),
    lambda _m: _("异议已提出，裁定前办理期限停着不走。"),
)
rule = verb_of(
    "rule",
    lambda m, p, by, v: service.rule(
        m, upheld=p.get("upheld") == "yes", to=_body_from(p, "to") if p.get("upheld") == "yes" else None,
        note=p.get("note", ""), by=by, expected=v,
    ),
    lambda m: _("已裁定，由%(body)s负责。") % {"body": m.handler.short_name},
)  # fmt: skip
ask_extension = verb_of(
    "ask_extension",
    lambda m, p, by, v: service.ask_extension(
        m, days=number_from(p, "days") or 0, why=p.get("why", ""), by=by, expected=v
    ),
    lambda _m: _("已申请延期，批准以前期限停着不走。"),
)
extend = verb_of(
    "extend",
    lambda m, _p, by, v: service.extend(m, by=by, expected=v),
    lambda _m: _("已同意延期，居民看得到新的日子和理由。"),
)
refuse_extension = verb_of(
    "refuse_extension",
    lambda m, p, by, v: service.refuse_extension(m, why=p.get("why", ""), by=by, expected=v),
    lambda _m: _("没有同意，按原来的期限办。"),
)


def _day(posted: QueryDict, name: str) -> date:
    try:
        return date.fromisoformat(posted.get(name, ""))
    except ValueError:
        raise MissingWordsError(_("请写哪天再看，如 2026-12-31。")) from None


carry = verb_of(
    "carry",
    lambda m, p, by, v: service.carry(
        m, reason=p.get("reason", ""), why=p.get("why", ""), review_on=_day(p, "review_on"), by=by, expected=v
    ),
    lambda _m: _("已挂账，到日子提醒您再看。"),
)
review = verb_of(
    "review",
    lambda m, p, by, v: service.review(m, why=p.get("why", ""), review_on=_day(p, "review_on"), by=by, expected=v),
    lambda _m: _("已记下，到下次日子再提醒您。"),
)
take_back = verb_of(
    "take_back",
    lambda m, p, by, v: service.take_back(m, why=p.get("why", ""), by=by, expected=v),
    lambda _m: _("已重新办理，期限接着走。"),
)
