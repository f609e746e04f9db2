"""街道主页 — a street's own front page, and what it tells the neighbours: read on a phone, printed for a wall, or followed as a feed."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.mechanisms import territory
from linli.mechanisms.access import pages, public
from linli.portals.resident import devices, steps, where
from linli.portals.resident.forms import LONGEST_TEXT, new_key
from linli.portals.resident.web.common import city_name
from linli.work.announcements import queries as announcements
from linli.work.announcements import telling
from linli.work.matters import neighbours, queries

MOST_TOLD, MOST_NEARBY, MOST_SOLVED = 20, 5, 3


@public
@require_safe
def street(request: HttpRequest, word: str) -> HttpResponse:
    """街道主页 — its name and greeting, one sentence to it, what it tells its neighbours, what is open and what was solved."""
    area = announcements.township(word)
    page = announcements.front_page(area)
    context = {
        "area": area,
        "county": territory.area(area.parent_id).name if area.parent_id else "",
        "front": page,
        "key": new_key(),
        "longest": LONGEST_TEXT,
        "told": telling.lines_at(area, limit=MOST_TOLD),
        "nearby": [_matter_line(each) for each in queries.public_in(area.id, limit=MOST_NEARBY)],
        "solved": neighbours.solved_lately(area.id, limit=MOST_SOLVED),
        "calls": where.narrow(area).calls,
        "here": _whole(request, reverse("resident:street", args=[announcements.address_word(area, page)])),
        "place_name": area.name,
    }
    return devices.marked(request, pages.page(request, "resident/street.jinja", context))


@public
@require_safe
def street_picture(request: HttpRequest, code: str) -> HttpResponse:
    """The picture of a street's page: a JPEG we wrote ourselves."""
    picture = announcements.picture(announcements.township(code))
    etag = f'"{picture.sha256[:32]}"'
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified()
    headers = {"ETag": etag, "Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(picture.jpeg), content_type="image/jpeg", headers=headers)


@public
@require_safe
def told(request: HttpRequest, word: str) -> HttpResponse:
    """邻里告知 of a street: what stands, and below it what stood."""
    area = announcements.township(word)
    page = announcements.front_page(area)
    context = {
        "area": area,
        "word": announcements.address_word(area, page),
        "told": telling.lines_at(area, limit=announcements.MOST_LISTED),
        "past": [telling.line(each) for each in announcements.past(area)],
        "most": announcements.MOST_PAST,
        "place_name": area.name,
    }
    return pages.page(request, "resident/told.jinja", context)


@public
@require_safe
def feed(request: HttpRequest, word: str) -> HttpResponse:
    """The same as an Atom feed (RFC 4287): an entry a notice, updated when it is corrected or withdrawn."""
    area = announcements.township(word)
    rows = announcements.fed(area)
    texts = announcements.latest(rows)
    made = Atom1Feed(
        title=_("%(area)s的邻里告知") % {"area": area.name},
        link=_whole(request, reverse("resident:told", args=[area.code])),
        description="",
        language=get_language(),
        author_name=area.full_name,
        feed_url=_whole(request, reverse("resident:told_feed", args=[area.code])),
        feed_guid=f"tag:{_host(request)},2026:announcements/{area.code}",
    )
    for each in rows:
        held = texts[each.pk]
        gone = each.withdrawn_at is not None
        made.add_item(
            title=_("已撤下：%(title)s") % {"title": each.title} if gone else each.title,
            link=_whole(request, reverse("resident:announcement", args=[each.number])),
            description=each.withdrawal if gone else held.text,
            unique_id=f"tag:{_host(request)},2026:announcement/{each.number}",
            pubdate=each.published_at,
            updateddate=each.withdrawn_at or held.at,
            categories=(announcements.kind_name(each.kind), each.area.name),
            author_name=each.body.name,
        )
    answer = HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@public
@require_safe
def announcement(request: HttpRequest, number: str) -> HttpResponse:
    """One notice, as it holds or (?edition=) as it was. Of a withdrawn one the reason, no more the text."""
    found = announcements.public_one(number)
    editions = announcements.wordings(found)
    asked = request.GET.get("edition", "")
    shown = next((each for each in editions if str(each.edition) == asked), None) if asked else editions[0]
    if shown is None:
        raise Http404(_("没有这一版。"))
    area = territory.area(found.area_id)
    home = announcements.township_of(area)
    context = {
        "announcement": found,
        "shown": shown,
        "editions": editions,
        "kind": announcements.kind_name(found.kind),
        "street": announcements.address_word(home, announcements.front_page(home)) if home else "",
        "street_name": home.name if home else "",
        "here": _whole(request, reverse("resident:announcement", args=[found.number])),
        "place_name": home.name if home else city_name(),
    }
    return pages.page(request, "resident/announcement.jinja", context)


def _matter_line(each: queries.PublicMatter) -> dict[str, Any]:
    return {
        "href": reverse("resident:matter", args=[each.number]),
        "title": each.title,
        "tone": steps.tone_of(each.state, overdue=each.overdue),
        "word": steps.word_of(each.state, overdue=each.overdue),
        "note": each.place or each.category_name,
    }


def _whole(request: HttpRequest, path: str) -> str:
    """An address for paper and for other programs: with the host the city is known by."""
    return f"{settings.BASE_URL.rstrip('/')}{path}" if settings.BASE_URL else request.build_absolute_uri(path)


def _host(request: HttpRequest) -> str:
    return _whole(request, "/").split("//", maxsplit=1)[-1].rstrip("/").split(":", maxsplit=1)[0]
