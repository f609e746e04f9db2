"""记着一个人的什么 — everything linli holds about whoever brought a matter, for themselves: as a page and as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Reveal
from linli.mechanisms.access.sealing import Unreadable, digests
from linli.work.matters import queries, rules
from linli.work.matters.flow import ErasureState
from linli.work.matters.models import Clearing, Contact, Erasure, Hold, Matter, Photo, Remark
from linli.work.matters.rules import PARTS, ErasureRefusals, Part, Retentions, RevealReasons

MOST = 200
"""A person with more matters than this is served in the office."""


@dataclass(frozen=True)
class Kept:
    """One part of what is held: until when, or since when it is gone."""

    part: Part
    there: bool
    until: date | None
    gone_at: datetime | None


@dataclass(frozen=True)
class Look:
    """Somebody looked at the identity."""

    at: datetime
    office: str
    purpose: str


@dataclass(frozen=True)
class Held:
    """记着的 — about one matter, in clear: only for the person themselves."""

    matter: Matter
    name: str
    phone: str
    email: str
    language: str
    unreadable: str
    """Why the contact cannot be shown, where it cannot."""
    said: list[tuple[datetime, str]]
    """What the resident said, in order."""
    photos: int
    looks: list[Look]
    kept: list[Kept]
    held_back: bool
    erasure: Erasure | None
    refusal: str
    """The lawful exception, in words, of the newest request that was refused."""
    rule: queries.Cited

    @property
    def has_contact(self) -> bool:
        """Is anything held to reach them by?"""
        return bool(self.name or self.phone or self.email or self.unreadable)


def held(matter: Matter) -> Held:
    """Everything about one matter's person."""
    row = Contact.objects.filter(matter=matter).first()
    name = phone = email = unreadable = ""
    try:
        if row is not None:
            name, phone, email = row.name, row.phone, row.email
    except Unreadable as error:
        unreadable = str(error)
    photos = Photo.objects.filter(matter=matter).count()
    remarks = Remark.objects.filter(matter=matter, move__in=("add", "withdraw", "rate", "reopen", "reopen_for_triage"))
    erasure = Erasure.objects.filter(matter=matter).order_by("-id").first()
    refused = rulebook.current(ErasureRefusals).list.find(erasure.reason) if erasure and erasure.reason else None
    edition = rulebook.current(Retentions)
    there = {"contact": row is not None, "words": True, "photos": photos > 0}
    return Held(
        matter, name, phone, email, row.language if row else "", unreadable,
        said=[(matter.registered_at, matter.text), *((each.at, each.text) for each in remarks.order_by("seq"))],
        photos=photos,
        looks=looks(matter),
        kept=_kept(matter, there),
        held_back=Hold.objects.filter(matter=matter, released_at__isnull=True).exists(),
        erasure=erasure,
        refusal=rulebook.label(refused) if refused else "",
        rule=queries.cited(edition.ref.item(edition.list.rule_for(matter.category).code)),
    )  # fmt: skip


def _kept(matter: Matter, there: dict[str, bool]) -> list[Kept]:
    rule = rulebook.current(Retentions).list.rule_for(matter.category)
    gone = Clearing.objects.filter(matter=matter).first()
    ended = matter.ended_at.astimezone(clock.CITY).date() if matter.ended_at else None
    return [
        Kept(
            part,
            there=there[part],
            until=ended + timedelta(days=rule.days(part)) if ended else None,
            gone_at=getattr(gone, f"{part}_at", None),
        )
        for part in PARTS
    ]


def looks(matter: Matter) -> list[Look]:
    """Who looked at the identity, from which post and what for."""
    purposes = rulebook.current(RevealReasons).list
    rows = Reveal.objects.filter(subject=matter.subject).order_by("at")
    found = []
    for row in rows:
        named = purposes.find(row.purpose)
        found.append(Look(row.at, row.office, rulebook.label(named) if named else row.purpose))
    return found


def document(everything: Iterable[Held]) -> dict[str, Any]:
    """The copy as a file: every field by a name a program can read, moments in ISO 8601."""
    return {
        "made_at": clock.now().isoformat(),
        "what": "记着您的全部个人信息（《中华人民共和国个人信息保护法》第四十五条）",
        "matters": [
            {
                "number": each.matter.number,
                "registered_at": each.matter.registered_at.isoformat(),
                "state": each.matter.state,
                "category": each.matter.category,
                "channel": each.matter.channel,
                "visibility": each.matter.visibility,
                "contact": {
                    "name": each.name,
                    "phone": each.phone,
                    "email": each.email,
                    "language": each.language,
                    "unreadable": each.unreadable,
                },
                "place": queries.place_words(each.matter),
                "lon": each.matter.lon,
                "lat": each.matter.lat,
                "said": [{"at": at.isoformat(), "text": said} for at, said in each.said],
                "reply": each.matter.reply,
                "photos": each.photos,
                "public": each.matter.is_public,
                "looked_at_by": [
                    {"at": look.at.isoformat(), "office": look.office, "purpose": look.purpose} for look in each.looks
                ],
                "kept_until": {kept.part: kept.until.isoformat() if kept.until else None for kept in each.kept},
                "held_back": each.held_back,
            }
            for each in everything
        ],
    }


# --- For whoever is asked at the counter ------------------------------------------------------------------------------
def of_phone(actor: Actor, phone: str) -> list[Matter]:
    """The matters within the actor's reach that were brought under this phone, newest first. Found by keyed digest."""
    found = digests("phone", phone)
    if not found:
        return []
    same = Contact.objects.filter(matter=OuterRef("pk"), phone_key__in=found)
    rows = queries.visible_to(actor).filter(Exists(same)).select_related("handler")
    if actor.scope == "body":  # Reports keep their reporter from the body that handles them.
        rows = rows.filter(is_report=False)
    return list(rows.order_by("-registered_at")[:MOST])


def erasures(actor: Actor, *, waiting: bool) -> list[Erasure]:
    """Requests to delete, within the actor's reach: those that wait, the most urgent first; or those decided lately."""
    rows = Erasure.objects.filter(matter__in=queries.visible_to(actor)).select_related("matter__handler")
    if waiting:
        return list(rows.filter(state=ErasureState.ASKED).order_by("decide_by", "id")[:MOST])
    return list(rows.exclude(state=ErasureState.ASKED).order_by("-decided_at", "id")[:50])


def erasure(actor: Actor, number: str) -> Erasure:
    """One of them, or 404."""
    rows = Erasure.objects.filter(matter__in=queries.visible_to(actor)).select_related("matter__handler")
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404(_("没有这个申请，或不在您的管辖范围内。"))
    return found


def refusals() -> Sequence[rules.Numbered]:
    """The lawful exceptions."""
    return rulebook.current(ErasureRefusals).list.items


def hold_on(matter: Matter) -> Hold | None:
    """What holds the matter's data back, if anything does."""
    return Hold.objects.filter(matter=matter, released_at__isnull=True).select_related("held_by").first()
