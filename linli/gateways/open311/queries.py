"""Every read: which key this is, which matters everybody may see and how they are told, which matter a token leads to."""

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli.gateways.open311.asking import MOST, Sought
from linli.gateways.open311.models import ApiKey, Filing
from linli.kernel import clock
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor
from linli.work.matters import queries as matters
from linli.work.matters import together
from linli.work.matters.flow import OPEN, State
from linli.work.matters.rules import Categories, Category, Groups

READER = Actor.system("open311")


# --- Keys ----------------------------------------------------------------------------------------------------------------
def digest_of(secret: str) -> str:
    """What is kept of a key. It is random and long, so a plain digest cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_for(secret: str) -> ApiKey | None:
    """The key, if it is one, was not revoked, and its body still stands."""
    found = ApiKey.objects.select_related("body", "area").filter(digest=digest_of(secret), revoked_at=None).first()
    return found if found is not None and found.body.valid_to is None else None


def issued() -> list[ApiKey]:
    """All that were ever issued."""
    return list(ApiKey.objects.select_related("body", "area").order_by("id"))


# --- Tokens --------------------------------------------------------------------------------------------------------------
def token_digest(token: str) -> str:
    """What is kept of the secret half of a follow link."""
    return salted_hmac("open311.token", token, algorithm="sha256").hexdigest()


def number_for(token: str) -> str | None:
    """The request a token leads to."""
    return Filing.objects.filter(token_digest=token_digest(token)).values_list("number", flat=True).first()


# --- Services ------------------------------------------------------------------------------------------------------------
def as_service(category: Category) -> dict[str, Any]:
    """A kind of matter as GET services tells it."""
    group = rulebook.current(Groups).list.find(category.group)
    return {
        "service_code": category.code,
        "service_name": rulebook.label(category),
        "description": "；".join(category.examples),
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(category.words),
        "group": rulebook.label(group) if group else category.group,
    }


def as_definition(category: Category) -> dict[str, Any]:
    """What may be said besides: where exactly, and, where neighbours could see it, whether they shall."""
    attributes = [
        _attribute("place", "string", _("具体在哪里"), order=1),
    ]
    if category.public:
        values = [{"key": "yes", "name": _("可以让邻居看到这件事")}, {"key": "no", "name": _("不公开")}]
        attributes.append(_attribute("public", "singlevaluelist", _("可以让邻居看到这件事"), order=2, values=values))
    return {"service_code": category.code, "attributes": attributes}


def _attribute(code: str, datatype: str, description: str, *, order: int, **more: Any) -> dict[str, Any]:
    return {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": None,
        "order": order,
        "description": description,
        **more,
    }


# --- Requests ------------------------------------------------------------------------------------------------------------
def requests(asked: Sought, *, extended: bool) -> list[dict[str, Any]]:
    """Public matters, newest first; those asked for by number whatever their date."""
    if asked.numbers:
        chosen = Q(number__in=asked.numbers)
    else:
        chosen = Q(registered_at__range=(asked.since, asked.until))
        if asked.codes:
            chosen &= Q(category__in=asked.codes)
        if len(asked.statuses) == 1:
            chosen &= Q(state__in=OPEN) if asked.statuses[0] == "open" else ~Q(state__in=OPEN)
    return _told(chosen, extended=extended)


def request(number: str, *, extended: bool) -> list[dict[str, Any]]:
    """One public matter, or none."""
    return _told(Q(number=number), extended=extended)


def _told(chosen: Q, *, extended: bool) -> list[dict[str, Any]]:
    """What neighbours are told, field by field as on the public page: nothing else is even read."""
    rows = matters.visible_to(READER).filter(chosen, is_public=True, is_report=False).select_related("handler").only(
        "number", "title", "shown_title", "shown_place", "category", "state", "place_text", "lon", "lat", "registered_at", "moved_at", "due_at",
        "supporters", "handler__short_name", "city_id", "county_id", "township_id", "community_id", "grid_id",
    )  # fmt: skip
    names = {item.code: rulebook.label(item) for item in rulebook.current(Categories).list.items}
    told = []
    for row in rows.order_by("-registered_at", "-id")[:MOST]:
        # What was merged is as far as the one it goes along with.
        lead = (together.main_of(row.number) or row) if row.state == State.MERGED else row
        one: dict[str, Any] = {
            "service_request_id": row.number,
            "status": "open" if lead.state in OPEN else "closed",
            "status_notes": row.state_words,
            "service_name": names.get(row.category, row.category),
            "service_code": row.category,
            "description": matters.public_title(row),
            "agency_responsible": lead.handler.short_name,
            "service_notice": None,
            "requested_datetime": w3(row.registered_at),
            "updated_datetime": w3(row.moved_at),
            "expected_datetime": w3(lead.due_at) if lead.is_in_hand else None,
            "address": matters.public_place(row),
            "address_id": territory.area(row.area_id).code if row.area_id is not None else None,
            "zipcode": None,
            "lat": round(row.lat, 5) if row.lat is not None else None,
            "long": round(row.lon, 5) if row.lon is not None else None,
            "media_url": None,
        }
        if extended:
            one["extended_attributes"] = {
                "state": row.state,
                "overdue": lead.is_in_hand and lead.due_at < clock.now(),
                "supporters": row.supporters,
            }
        told.append(one)
    return told


def w3(moment: datetime) -> str:
    """2026-11-23T17:00:00+08:00."""
    return moment.astimezone(clock.CITY).isoformat(timespec="seconds")
