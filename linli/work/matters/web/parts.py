"""拆分 on an official's screen: what is to be done by whom, a line for each part."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.kernel import text
from linli.kernel.rules import UnknownCodeError
from linli.mechanisms import flow
from linli.mechanisms.access import Refused, pages, require
from linli.mechanisms.access.models import Body
from linli.work.matters import queries, service
from linli.work.matters.forms import categories, number_from
from linli.work.matters.models import Matter
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.web.page import actor_of
from linli.work.matters.words import WordsError

LINES = 4
"""Lines on the page; who needs more splits what is left again later, or says it in fewer."""


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, number: str) -> HttpResponse:
    """拆分 — the page with its lines; sent, it is done, or it comes back as it was typed."""
    actor = actor_of(request)
    require(actor, "matters.split")
    found = queries.get(actor, number)
    if request.method != "POST":
        return _page(request, found)
    try:
        wanted = [each for n in range(1, LINES + 1) if (each := _line(request, n)) is not None]
        found = service.split(found, into=wanted, by=actor, expected=number_from(request.POST, "version"))
    except (WordsError, UnknownCodeError, Refused) as error:
        sentence = _("请从列表里选一项。") if isinstance(error, UnknownCodeError) else str(error)
        return _page(request, found, error=sentence, status=422)
    except flow.NotNow as error:
        return _page(request, queries.get(actor, number), error=str(error), status=409)
    messages.success(request, _("拆好了，每一部分都派下去了；都办完才合在一起答复居民。"))
    return HttpResponseRedirect(reverse("matters:matter", args=[found.number]))


def _line(request: HttpRequest, n: int) -> service.Wanted | None:
    """One line of the form; None for one left empty."""
    what = text.clean(request.POST.get(f"what_{n}", ""))
    body = number_from(request.POST, f"to_{n}")
    if not what and body is None:
        return None
    to = Body.objects.filter(pk=body or 0, valid_to__isnull=True).first()
    if to is None:
        raise MissingWordsError(_("第 %(n)s 部分：请选由谁办。") % {"n": n})
    return service.Wanted(what, to, request.POST.get(f"category_{n}", ""))


def _page(request: HttpRequest, found: Matter, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "matter": found,
        "lines": range(1, LINES + 1),
        "bodies": queries.bodies_for(found),
        "categories": [("", _("和整件一样")), *categories()[1:]],
        "typed": request.POST,
        "error": error,
    }
    return pages.page(request, "matters/split.jinja", context, status=status)
