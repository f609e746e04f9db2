"""不予受理 on an official's screen: its verbs, and the page of its figures and of what the overseer is to look at."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.mechanisms.access import pages
from linli.work.matters import overseeing, service
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.web.page import actor_of
from linli.work.matters.web.verbs import verb_of

propose_exclusion = verb_of(
    "propose_exclusion",
    lambda m, p, by, v: service.propose_exclusion(
        m, reason=p.get("reason", ""), said=p.get("said", ""), channel=p.get("channel", ""), by=by, expected=v
    ),
    lambda m: _("已提出，等%(body)s的另一个人确认；确认以前期限停着。") % {"body": m.handler.short_name},
)
exclude = verb_of(
    "exclude",
    lambda m, _p, by, v: service.exclude(m, by=by, expected=v),
    lambda _m: _("已确认不予受理，居民会看到理由、该找谁，可以请上一级再看一次。"),
)
keep = verb_of(
    "keep",
    lambda m, p, by, v: service.keep(m, why=p.get("why", ""), by=by, expected=v),
    lambda m: _("没有同意不予受理，已退回%(body)s派单，期限接着走。") % {"body": m.handler.short_name},
)


def _yes(value: str) -> bool:
    if value not in {"yes", "no"}:
        raise MissingWordsError(_("请选一项。"))
    return value == "yes"


look_again = verb_of(
    "uphold_exclusion",
    lambda m, p, by, v: service.look_again(
        m, stands=_yes(p.get("stands", "")), why=p.get("why", ""), by=by, expected=v
    ),
    lambda _m: _("复核的结论和理由已告诉居民。"),
)
find = verb_of(
    "find_right",
    lambda m, p, by, v: service.find(m, rightly=_yes(p.get("rightly", "")), why=p.get("why", ""), by=by, expected=v),
    lambda _m: _("抽查的结论已记下。"),
)


@require_GET
def exclusions(request: HttpRequest) -> HttpResponse:
    """不予受理 — of one month within the post's reach: by ground, by who decided, and the overseer's sample."""
    found = overseeing.month_of(actor_of(request), _month(request.GET.get("month", "")))
    months = [
        {"label": f"{each:%Y-%m}", "href": f"?month={each:%Y-%m}", "current": each == found.month}
        for each in overseeing.months()
    ]
    return pages.page(request, "matters/exclusions.jinja", {"found": found, "months": months})


def _month(asked: str) -> date | None:
    """The first of the month an address asks for; what makes no sense is this month."""
    try:
        return date.fromisoformat(f"{asked}-01")
    except ValueError:
        return None
