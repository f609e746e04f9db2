"""What the resident's pages share: the city's name in the header, private links, the page for too often."""

import base64
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from linli.engines.pictures import Picture
from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.access import pages
from linli.mechanisms.rulebook import city, is_english
from linli.mechanisms.territory import Node
from linli.portals.resident.limits import TooOften

View = Callable[..., HttpResponseBase]


def city_name() -> str:
    """The city, in the language of the page."""
    head = city.head().city
    return head.name_en if is_english() and head.name_en else head.name


def place_name(area: Node | None) -> str:
    """What stands beside 邻里: the township, as the nearest thing people call their place; else the city."""
    if area is None:
        return city_name()
    lineage = [territory.area(each) for each in area.lineage]
    named = [each for each in lineage if each.level <= 3 and not each.functional]
    return named[-1].name if named else city_name()


def area_words(area: Node) -> str:
    """An area with what it lies in, from the county down: 柳河区柳林街道槐花社区."""
    return "".join(territory.area(each).name for each in area.lineage if territory.area(each).level > 1) or area.name


def area_from(value: str) -> Node | None:
    """A current area by the id a page has offered; None for anything else."""
    if not value.isascii() or not value.isdigit() or len(value) > 12:
        return None
    try:
        found = territory.area(int(value))
    except LookupError:
        return None
    return found if found.valid_to is None else None


def grid_from(code: str) -> Node | None:
    """The area whose code is on a scanned card."""
    return territory.by_code(code) if code.isascii() and code.isalnum() and len(code) <= 20 else None


def secret(view: View) -> View:
    """A page behind a secret link: kept out of shared caches and of search machines."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = (
            "same-origin"  # The address is the key. Not "no-referrer": forms would post as nobody.
        )
        return response

    return guarded


def inline(photos: Iterable[Picture]) -> list[str]:
    """Small pictures to stand in the page itself: what is only held has no address."""
    return [base64.b64encode(each.thumbnail).decode() for each in photos]


def say_too_often(response: HttpResponse, error: TooOften) -> HttpResponse:
    """Tell programs too when they may come again."""
    response.status_code = 429
    response["Retry-After"] = str(error.seconds)
    return response


def hour_of(error: TooOften) -> str:
    """The minute from which it goes again, never one too early: 15:30."""
    return f"{error.until.astimezone(clock.CITY) + timedelta(minutes=1):%H:%M}"


def is_large(request: HttpRequest) -> bool:
    """大字 — old-age mode: larger type and fewer choices."""
    return request.COOKIES.get(pages.LARGE_COOKIE) == "1"


def came_whole(request: HttpRequest) -> bool:
    """Were the words sent as UTF-8? Django reads other bytes as Latin-1 and would store rubbish without a word."""
    if request.content_type != "application/x-www-form-urlencoded":
        return True  # Of forms with photos, what is broken is marked by Django itself and found by the field.
    try:
        request.body.decode()
    except UnicodeDecodeError:
        return False
    return True
