"""The shape of every verb's address: fetch, parse, call, render. What goes wrong is said beside its form."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.kernel.rules import UnknownCodeError
from linli.mechanisms import flow
from linli.mechanisms.access import Actor, pages
from linli.work.matters import queries
from linli.work.matters.forms import number_from
from linli.work.matters.models import Matter
from linli.work.matters.web.page import actor_of, matter_page
from linli.work.matters.words import WordsError, told_to_resident

Act = Callable[[Matter, QueryDict, Actor, int | None], Matter]


def _personal(verb: str, posted: QueryDict) -> list[str]:
    """What in words for a resident looks like somebody's own number or name: asked about once, before they are sent."""
    said = told_to_resident(verb, posted)
    return queries.personal_in(said) if said else []


def verb_of(verb: str, act: Act, done: Callable[[Matter], str]) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view of one verb. What goes wrong is said beside its form, and nothing typed is lost."""

    @require_POST
    def view(request: HttpRequest, number: str) -> HttpResponse:
        actor = actor_of(request)
        found = queries.get(actor, number)
        flagged = [] if request.POST.get("sure") == "1" else _personal(verb, request.POST)
        if flagged:
            return matter_page(request, found, status=422, failed=verb, flagged=flagged)
        try:
            found = act(found, request.POST, actor, number_from(request.POST, "version"))
        except (WordsError, UnknownCodeError) as error:
            sentence = str(error) if isinstance(error, WordsError) else _("请从列表里选一项。")
            return matter_page(request, found, status=422, failed=verb, error=sentence)
        except flow.NotNow as error:
            fresh = queries.get(actor, number)
            changed = error.changed if isinstance(error, flow.Stale) else ()
            return matter_page(request, fresh, status=409, failed=verb, error=str(error), changed=changed)
        say = done(found)
        still = queries.may_see(actor, number)
        if pages.wants_fragment(request) and still:
            return matter_page(request, queries.get(actor, number), say=say)
        messages.success(request, say)
        target = reverse("matters:matter", args=[number]) if still else reverse("access:start")
        if pages.wants_fragment(request):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)

    return view
