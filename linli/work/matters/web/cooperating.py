"""协办、清单外请示 on an official's screen: who helps the lead, and what may be sent down only when somebody approved it."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.kernel import clock
from linli.mechanisms.access import Actor, pages, require
from linli.mechanisms.access.models import Body
from linli.work.matters import queries, service
from linli.work.matters.forms import number_from
from linli.work.matters.models import Matter
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.web.handling import bodies_from
from linli.work.matters.web.page import actor_of
from linli.work.matters.web.verbs import verb_of


@require_GET
def helping(request: HttpRequest) -> HttpResponse:
    """请我们协办的 — what this body is asked to support, what it has not answered first."""
    actor = actor_of(request)
    require(actor, "matters.advise")
    rows = [
        {
            "row": each,
            "matter": each.matter,
            "place": queries.place_words(each.matter),
            "tone": "done" if each.advised_at else "overdue" if each.advise_by < clock.now() else "waiting",
        }
        for each in queries.helping(actor)
    ]
    return pages.page(request, "matters/helping.jinja", {"rows": rows})


def _ask_approval(matter: Matter, posted: QueryDict, by: Actor, version: int | None) -> Matter:
    body = Body.objects.filter(pk=number_from(posted, "to") or 0, valid_to__isnull=True).first()
    if body is None:
        raise MissingWordsError(_("请选一个单位。"))
    return service.ask_approval(matter, to=body, why=posted.get("why", ""), by=by, expected=version)


ask_help = verb_of(
    "ask_help",
    lambda m, p, by, v: service.ask_help(m, bodies=bodies_from(p, "bodies"), by=by, expected=v),
    lambda _m: _("已请它们协办，谁还没有回话这里看得到。"),
)
advise = verb_of(
    "advise",
    lambda m, p, by, v: service.advise(m, opinion=p.get("opinion", ""), by=by, expected=v),
    lambda m: _("意见已经给%(body)s。") % {"body": m.handler.short_name},
)
ask_approval = verb_of("ask_approval", _ask_approval, lambda _m: _("已请示，批准以前还在这里。"))
approve = verb_of(
    "approve",
    lambda m, _p, by, v: service.approve(m, by=by, expected=v),
    lambda m: _("已批准，派给了%(body)s。") % {"body": m.handler.short_name},
)
reject = verb_of(
    "reject",
    lambda m, p, by, v: service.reject(m, why=p.get("why", ""), by=by, expected=v),
    lambda _m: _("没有批，请示的单位会收到。"),
)
refuse_off_list = verb_of(
    "refuse_off_list",
    lambda m, _p, by, v: service.refuse_off_list(m, by=by, expected=v),
    lambda _m: _("已拒接，请示的单位会收到。"),
)
