"""Pages of standard texts, and the one address that puts a filled text into a form. Parse, call, render."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.mechanisms.access import pages
from linli.portals.desk import phrases
from linli.portals.desk.models import Sharing
from linli.portals.desk.phrases import UnknownPlaceholderError
from linli.portals.desk.rules import PLACEHOLDERS
from linli.portals.desk.saving import BadNameError
from linli.portals.desk.web_views import actor_of
from linli.work.matters import queries
from linli.work.matters import web as matters
from linli.work.matters.flow import LIFE


def _verbs() -> list[tuple[str, str]]:
    return [("", _("都能用")), *((verb, str(LIFE.moves[verb].label)) for verb in phrases.FIELDS)]


def manage(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """常用语 — read, write, change. The same form for a new one and for one of one's own."""
    actor = actor_of(request)
    editing = phrases.get(pk, by=actor) if pk else None
    error = ""
    if request.method == "POST":
        try:
            kept = phrases.keep(
                editing, name=request.POST.get("name", ""), said=request.POST.get("text", ""),
                verb=request.POST.get("verb", ""), sharing=request.POST.get("sharing", ""), by=actor,
            )  # fmt: skip
        except (BadNameError, UnknownPlaceholderError) as refused:
            error = str(refused)
        else:
            messages.success(request, _("已存好“%(name)s”。") % {"name": kept.name})
            return HttpResponseRedirect(reverse("desk:phrases"))
    names = dict(_verbs())
    found = phrases.all_for(actor)
    own = [each for each in found if each.key.startswith("own:") and not each.whose]
    context = {
        "own": [(each, names.get(each.verb, ""), int(each.key.partition(":")[2])) for each in own],
        "others": [(each, names.get(each.verb, "")) for each in found if each not in own],
        "editing": editing,
        "verbs": _verbs(),
        "sharings": Sharing.choices,
        "placeholders": PLACEHOLDERS,
        "error": error,
        "typed": request.POST if error else {},
    }
    return pages.page(request, "desk/phrases.jinja", context, status=422 if error else 200)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """删去."""
    actor = actor_of(request)
    phrase = phrases.get(pk, by=actor)
    phrases.delete(phrase, by=actor)
    messages.success(request, _("已删去“%(name)s”。") % {"name": phrase.name})
    return HttpResponseRedirect(reverse("desk:phrases"))


@require_POST
def insert(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """填入 — the form comes back with the text at the end of what was typed; nothing is sent. With scripts and without."""
    actor = actor_of(request)
    matter = queries.get(actor, number)
    if verb not in phrases.FIELDS:
        raise Http404("没有这一步。")
    field = phrases.FIELDS[verb]
    typed = request.POST.copy()
    chosen = typed.get("phrase", "")[:80]
    if chosen:
        said = phrases.one(chosen, by=actor).text
        category, place = queries.category_name(matter), queries.place_words(matter)
        before = typed.get(field, "").rstrip()
        said = phrases.fill(said, matter, category=category, place=place)
        typed[field] = f"{before}\n{said}" if before else said
    return matters.filling(request, matter, verb=verb, typed=typed)
