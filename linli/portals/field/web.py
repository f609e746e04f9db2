"""Today: what waits for this grid worker, the most pressing first."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.mechanisms import flow
from linli.mechanisms.access import Actor, pages
from linli.work.matters import queries, queues
from linli.work.matters.flow import LIFE, State


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The list. A morning list, not a target."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page = queues.page_of(actor, queues.Filters(view="mine"), counted=False)
    answered = [matter.subject for matter in page.matters if matter.state == State.ANSWERED]
    own = flow.own_deeds(answered, LIFE.verify, by=actor)  # Theirs to wait for, not to do.
    items = [
        {
            "id": matter.number,
            "href": f"/matters/{matter.number}/",
            "title": matter.title,
            "tone": queries.tone_of(matter),
            "word": _("待您核实") if matter.state == State.ANSWERED else matter.state_words,
            "note": matter.place_text or queries.place_words(matter),
            "due": matter.due_at if matter.is_in_hand else None,
        }
        for matter in page.matters
        if matter.subject not in own
    ]
    items.sort(key=lambda item: item["tone"] != "overdue")
    return pages.page(request, "field/today.jinja", {"items": items, "area": actor.area_name, "more": bool(page.next)})
