"""Where an auditor begins. Everything here is read; nothing can be changed."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.kernel.codes import CodeError
from linli.kernel.identifiers import parse_matter_number
from linli.mechanisms.access import Actor, exports, pages, require
from linli.mechanisms.access.words import told
from linli.mechanisms.journal import seals
from linli.mechanisms.rulebook import city
from linli.work.matters import queries, telling
from linli.work.tasks import queries as tasks
from linli.work.whistles import queries as whistles

SEALS = 7
OTHERS: tuple[tuple[str, str, Callable[[Actor], QuerySet[Any]]], ...] = (
    ("task", "任", tasks.visible_to),
    ("whistle", "哨", whistles.visible_to),
)
"""Numbers of what else has a log, by their first character."""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The page; a number that is found leads straight to its log."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, "journal.read")
    typed = request.GET.get("q", "").replace("\x00", "")[:40]
    wrong = ""
    if typed.strip():
        for kind, begins, find in OTHERS:
            if typed.strip().startswith(begins) and actor.has(f"{kind}s.read"):
                found = find(actor).filter(number=typed.strip()).first()
                if found is not None:
                    return HttpResponseRedirect(reverse(f"{kind}s:log", args=[found.number]))
        number, wrong = _number(typed)
        if number and queries.among(actor, [number]):
            return HttpResponseRedirect(reverse("matters:log", args=[number]))
        wrong = wrong or _("没有 %(number)s 这件诉求，或不在您的管辖范围内。") % {"number": number}
    may_read = actor.has("matters.read")
    context: dict[str, Any] = {
        "q": typed,
        "wrong": wrong,
        "example": f"{city.head().city.number_prefix}26-0417-0032",
        "may_read": may_read,
        "looks": telling.looks(actor) if may_read else [],
        "days": telling.LOOKS_OF.days,
        "exports": exports.taken(actor),
        "listings": {
            "matters.desk": _("诉求"),
            "tasks": _("任务"),
            "whistles": _("吹哨报到"),
            "places.coverage": _("覆盖"),
        },
        "seals": seals.latest(SEALS),
    }
    return pages.page(request, "audit/home.jinja", context, status=422 if wrong else 200)


def _number(typed: str) -> tuple[str, str]:
    """What was typed as a number, or the sentence that says why it is none."""
    try:
        return str(parse_matter_number(typed, default_prefix=city.head().city.number_prefix)), ""
    except CodeError as error:
        return "", told(error)
