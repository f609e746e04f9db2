"""并案 on an official's screen: what may be about the same thing, who would be told, and coming out again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel import text
from linli.mechanisms import flow
from linli.mechanisms.access import Refused, pages, require
from linli.work.matters import queries, service, together
from linli.work.matters.flow import State
from linli.work.matters.forms import number_from
from linli.work.matters.models import Matter
from linli.work.matters.web.page import actor_of, matter_page
from linli.work.matters.web.verbs import verb_of
from linli.work.matters.words import WordsError

MOST = 30
"""So many at once: a list somebody can still read before saying yes."""


@require_GET
def alike(request: HttpRequest, number: str) -> HttpResponse:
    """相近的 — near here, of about the same time, in much the same words: with a box to tick beside each."""
    found = _ours(request, number)
    context = {"matter": found, "alike": together.alike(found, actor_of(request)), "error": ""}
    return pages.page(request, "matters/alike.jinja", context, block="list")


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """并案 — first what will happen and who is told, then, sent once more, it is done."""
    actor, found = actor_of(request), _ours(request, number)
    asked = request.POST if request.method == "POST" else request.GET
    named = [
        text.clean(each) for each in (*asked.getlist("with"), *asked.get("numbers", "").replace("，", " ").split())
    ]
    chosen = queries.among(actor, [found.number, *named[:MOST]])
    missing = [each for each in named if each and each not in chosen]
    if missing or len(chosen) < 2:
        sentence = (
            _("没有找到 %(numbers)s，或不在您的管辖范围内。") % {"numbers": _("、").join(missing[:5])}
            if missing
            else _("请至少勾选一件，或者写上编号。")
        )
        return _list_again(request, found, sentence)
    together_now = sorted(chosen.values(), key=lambda each: (each.registered_at, each.pk))
    into = chosen.get(asked.get("into", found.number), found)
    others = [each for each in together_now if each.pk != into.pk]
    if request.method != "POST":
        return _preview(request, found, into, others)
    seen = {each.number: version for each in together_now if (version := _seen(request, each)) is not None}
    try:
        main = service.merge(others, into=into, by=actor, expected=seen)
    except (flow.NotNow, WordsError, Refused) as error:
        if isinstance(error, Refused) and not actor.has("matters.merge"):
            raise
        fresh = queries.among(actor, [each.number for each in together_now])
        again = [fresh.get(each.number, each) for each in others]
        return _preview(request, found, fresh.get(into.number, into), again, error=str(error), status=409)
    told = together.who_is_told(main, [])
    messages.success(
        request,
        ngettext("并好了，%(num)s 位反映人都会收到进展。", "并好了，%(num)s 位反映人都会收到进展。", told.reporters)
        % {"num": told.reporters},
    )
    return HttpResponseRedirect(reverse("matters:matter", args=[main.number]))


unmerge = verb_of(
    "unmerge",
    lambda m, p, by, v: service.unmerge(m, why=p.get("why", ""), by=by, expected=v),
    lambda _m: _("分开了，期限接着走；反映人会知道为什么。"),
)


@require_POST
def reveal(request: HttpRequest, number: str, merged: str) -> HttpResponse:
    """查看联系方式 of a merged matter's reporter, for whoever has the one it goes along with; its reporter sees that, too."""
    actor = actor_of(request)
    main = queries.get(actor, number)
    row = next((each.matter for each in together.merged_into(main) if each.matter.number == merged), None)
    if row is None:
        raise Http404(_("这一件没有并在这里。"))
    service.reveal(row, purpose=request.POST.get("purpose", ""), by=actor)
    return matter_page(request, queries.get(actor, number))


def _ours(request: HttpRequest, number: str) -> Matter:
    actor = actor_of(request)
    require(actor, "matters.merge")
    return queries.get(actor, number)


def _seen(request: HttpRequest, matter: Matter) -> int | None:
    return number_from(request.POST, f"version-{matter.number}")


def _list_again(request: HttpRequest, found: Matter, sentence: str) -> HttpResponse:
    context = {"matter": found, "alike": together.alike(found, actor_of(request)), "error": sentence}
    return pages.page(request, "matters/alike.jinja", context, status=422)


def _preview(
    request: HttpRequest, found: Matter, into: Matter, others: list[Matter], *, error: str = "", status: int = 200
) -> HttpResponse:
    everyone = sorted([into, *others], key=lambda each: (each.registered_at, each.pk))
    context: dict[str, Any] = {
        "matter": found,
        "into": into,
        "rows": [_row(each) for each in everyone],
        "told": together.who_is_told(into, others),
        "error": error,
        "others": len(others),
    }
    return pages.page(request, "matters/merge.jinja", context, status=status)


def _row(matter: Matter) -> dict[str, Any]:
    return {
        "matter": matter,
        "place": queries.place_words(matter),
        "tone": queries.tone_of(matter),
        "why_not": _why_not(matter),
    }


def _why_not(matter: Matter) -> str:
    """Why it cannot go along with another now; empty if it can."""
    if matter.state == State.MERGED:
        held = together.merge_of(matter)
        return _("已经并入 %(main)s") % {"main": held.main.number} if held else ""
    if matter.state in {State.OBJECTED, State.EXTENDING}:
        return _("有人在等裁定或批复，定了以后再并")
    return "" if matter.is_in_hand or matter.is_paused else _("已经答复或办结")
