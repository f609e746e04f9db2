"""Pages of bulk orders: tick, preview, do, report. Every step is an ordinary form. Nothing is decided here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.mechanisms import rulebook
from linli.mechanisms.access import pages
from linli.portals.desk import bulk, saving
from linli.portals.desk.models import BulkOrder, Result
from linli.portals.desk.web import filters_from
from linli.portals.desk.web_views import actor_of, queue_at
from linli.work.matters import queries, rules
from linli.work.matters.flow import LIFE
from linli.work.matters.words import WordsError

TONES = {
    Result.WAITING: "waiting", Result.DONE: "done", Result.REFUSED: "refused", Result.STALE: "carried",
    Result.BROKEN: "overdue",
}  # fmt: skip
SAID = ("to", "differs", "reason", "tried", "note")


def orders(request: HttpRequest) -> HttpResponse:
    """我的批量 — what was done lately; or, posted from the queue, a new one to preview."""
    actor = actor_of(request)
    if request.method == "POST":
        return _choose(request)
    made = [(each, str(LIFE.moves[each.verb].label)) for each in bulk.lately(actor)]
    return pages.page(request, "desk/bulk_list.jinja", {"orders": made})


def _choose(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    back = saving.canonical(request.POST.get("back", "")[:2000])
    whole = request.POST.get("whole") == "1"
    numbers = bulk.first_of(actor, filters_from(QueryDict(back))) if whole else request.POST.getlist("number")
    try:
        order = bulk.choose(numbers, verb=request.POST.get("verb", ""), by=actor, back=back)
    except (bulk.NothingChosenError, bulk.TooManyError) as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(queue_at(back))
    return HttpResponseRedirect(reverse("desk:bulk", args=[order.pk]))


@require_GET
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview; once begun, the report, which is also where what is left is gone on with."""
    found = bulk.get(pk, by=actor_of(request))
    return _report(request, found) if found.begun_at else _preview(request, found, request.GET)


def _preview(
    request: HttpRequest, order: BulkOrder, said: QueryDict, *, error: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    would = bulk.preview(order, said, by=actor)
    goes = sum(each.goes for each in would)
    context: dict[str, Any] = {
        "order": order,
        "move": str(LIFE.moves[order.verb].label),
        "would": would,
        "goes": goes,
        "stays": len(would) - goes,
        "place_of": queries.place_words,
        "typed": said,
        "error": error,
        "back": queue_at(order.back),
        "bodies": bulk.bodies_for(actor) if order.verb == "assign" else [],
        "differ_reasons": rulebook.current(rules.DifferReasons).list.items,
        "raise_reasons": rulebook.current(rules.RaiseReasons).list.items,
    }
    return pages.page(request, "desk/bulk_preview.jinja", context, status=status)


def _report(request: HttpRequest, order: BulkOrder) -> HttpResponse:
    actor = actor_of(request)
    items = list(order.items.order_by("id"))
    seen = queries.among(actor, [each.number for each in items])
    counted = {result: sum(each.result == result for each in items) for result in Result}
    context = {
        "order": order,
        "move": str(LIFE.moves[order.verb].label),
        "lines": [
            (each, seen.get(each.number), TONES[Result(each.result)], str(Result(each.result).label)) for each in items
        ],
        "all": len(items),
        "done": counted[Result.DONE],
        "waiting": counted[Result.WAITING],
        "not_done": len(items) - counted[Result.DONE] - counted[Result.WAITING],
        "back": queue_at(order.back),
    }
    return pages.page(request, "desk/bulk_report.jinja", context)


@require_POST
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """照此办, 接着办 — pressed once, twice or again after a crash, each matter is moved once."""
    actor = actor_of(request)
    order = bulk.get(pk, by=actor)
    if order.begun_at is None:
        try:
            bulk.begin(order, {name: request.POST.get(name, "") for name in SAID}, by=actor)
        except WordsError as error:
            return _preview(request, order, request.POST, error=str(error), status=422)
    left = bulk.carry_on(order, by=actor)
    if left:
        messages.warning(request, _("还有 %(n)s 件没有办完，点“接着办”就从那里继续。") % {"n": left})
    return HttpResponseRedirect(reverse("desk:bulk", args=[order.pk]))


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """重新看一遍 — the same matters as they stand now, as a new order: what was reported stays as it was."""
    actor = actor_of(request)
    old = bulk.get(pk, by=actor)
    left = old.items.exclude(result=Result.DONE).order_by("id").values_list("number", flat=True)
    try:
        order = bulk.choose(left, verb=old.verb, by=actor, back=old.back)
    except (bulk.NothingChosenError, bulk.TooManyError) as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(queue_at(old.back))
    return HttpResponseRedirect(reverse("desk:bulk", args=[order.pk]))
