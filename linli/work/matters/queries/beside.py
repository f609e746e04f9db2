"""What stands beside one matter: what is asked or disputed, who helps, its photos and documents, who might take it."""

from dataclasses import replace

from django.db import connection
from django.db.models import F
from django.http import Http404

from linli.mechanisms.access.models import Body
from linli.work.matters import proposals
from linli.work.matters.models import Approval, Attachment, Carry, CoHandler, Consent, Matter, Objection, Photo


def approval_of(matter: Matter) -> Approval | None:
    """The request to send it down off the list that waits, if one does."""
    rows = Approval.objects.filter(matter=matter, decided_at__isnull=True)
    return rows.select_related("body", "by_body").first()


def helpers_of(matter: Matter) -> list[CoHandler]:
    """The supporting bodies, in the order they were asked."""
    return list(CoHandler.objects.filter(matter=matter).select_related("body").order_by("asked_at", "id"))


def objection_to(matter: Matter) -> Objection | None:
    """The objection that waits for a ruling, else the last that was ruled on."""
    rows = Objection.objects.filter(matter=matter).select_related("by_body", "believed", "body")
    return rows.order_by(F("ruled_at").desc(nulls_first=True)).first()


def carried(matter: Matter) -> Carry | None:
    """Why it is carried, who answers for it and when it is looked at again; None if it is not."""
    return Carry.objects.filter(matter=matter, ended_at__isnull=True).select_related("owner").first()


def photos_of(matter: Matter) -> list[Photo]:
    """Its photos in order."""
    return list(Photo.objects.filter(matter=matter).order_by("id"))


def attachments_of(matter: Matter, *, for_resident: bool) -> list[Attachment]:
    """Its documents in order; a resident's page asks for those meant for them."""
    rows = Attachment.objects.filter(matter=matter).order_by("id")
    return list(rows.filter(for_resident=True) if for_resident else rows)


def attachment(matter: Matter, key: str, *, for_resident: bool) -> Attachment:
    """One document of this matter by its random key; 404 also for one that is not for whoever asks."""
    rows = Attachment.objects.filter(matter=matter, key=key)
    found = (rows.filter(for_resident=True) if for_resident else rows).first()
    if found is None:
        raise Http404("没有这个附件。")
    return found


def consent_of(matter: Matter) -> Consent | None:
    """Who spoke for the person, and how they agreed; None where they spoke for themselves."""
    return Consent.objects.filter(matter=matter).first()


def photo(key: str) -> Photo:
    """A photo by its random key, with its matter; 404 if there is none."""
    found = Photo.objects.select_related("matter").filter(key=key).first()
    if found is None:
        raise Http404("没有这张照片。")
    return found


def proposal_for(matter: Matter) -> proposals.BodyProposal:
    """What linli proposes to a dispatcher: the body, the line of the list, how surely, because of which words."""
    found = proposals.propose_body(matter.category, matter.place_ids, level=matter.level, confidence=matter.confidence)
    return replace(found, reasons=(*found.reasons, *proposals.reasons_for(matter.text)))


def bodies_for(matter: Matter) -> list[Body]:
    """Every body a dispatcher may choose: those answerable for some function where the matter is, the nearest first."""
    rows = Body.objects.filter(area_id__in=matter.place_ids, valid_to__isnull=True).exclude(functions=[])
    return list(rows.order_by("-level", "short_name"))


def is_submitted(key: str) -> bool:
    """Has a form with this key made a matter?"""
    with connection.cursor() as db:
        db.execute("SELECT EXISTS (SELECT FROM matters_submission WHERE key = %s AND matter_id IS NOT NULL)", [key])
        return bool(db.fetchone()[0])
