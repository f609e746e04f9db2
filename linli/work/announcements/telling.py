"""A notice as pages of neighbours list it."""

from typing import Any

from django.urls import reverse

from linli.mechanisms.territory import Node
from linli.work.announcements import queries
from linli.work.announcements.models import Announcement

AT_A_GLANCE = 3
"""So many stand on a page that is for something else."""


def line(each: Announcement) -> dict[str, Any]:
    """One line: what, of which kind, where, from when until when, and whether it is going on."""
    return {
        "href": reverse("resident:announcement", args=[each.number]),
        "title": each.title,
        "kind": queries.kind_name(each.kind),
        "area": each.area.name,
        "begins": each.begins_at,
        "until": each.until_at,
        "tone": each.tone,
        "word": each.state_words,
    }


def lines_at(area: Node | None, *, limit: int = AT_A_GLANCE) -> list[dict[str, Any]]:
    """What stands and concerns a place a page knows; nothing, and no question asked, where it knows none."""
    return [line(each) for each in queries.concerning(area, limit=limit)] if area else []
