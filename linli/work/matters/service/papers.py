"""内部备注和附件 — what officials write and put beside a matter for each other, and documents for its reporter."""

import hashlib
import secrets
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from linli.engines.papers import Paper
from linli.facts.matters import MatterAttached, MatterNoted
from linli.mechanisms import flow
from linli.mechanisms.access import Actor, Refused
from linli.work.matters import words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Attachment, Matter
from linli.work.matters.service.handling import need

MOST = 20
"""A matter carries at most so many documents."""
MOST_BYTES = 20_000_000


class TooManyPapersError(words.WordsError):
    """More documents than a matter carries."""


def note(matter: Matter, *, said: str, by: Actor) -> Matter:
    """内部备注 — for officials within reach of the matter; never for the resident. It does not count as a change of the matter."""
    _official(by)
    need(said, _("请写点什么。"))
    with flow.act(matter, LIFE.note, by=by) as (matter, step):
        step.record(MatterNoted(matter.number, words=words.say(matter, step, said, for_resident=False)))
    return matter


def attach(matter: Matter, *, paper: Paper, for_resident: bool, by: Actor) -> Matter:
    """附件 — the file first, then the row: a crash in between leaves a file nobody names, never a row without a file."""
    _official(by)
    with flow.act(matter, LIFE.attach, by=by) as (matter, step):
        if Attachment.objects.filter(matter=matter).count() >= MOST:
            raise TooManyPapersError(_("一件诉求最多 %(most)s 个附件。") % {"most": MOST})
        key, digest = secrets.token_hex(16), hashlib.sha256(paper.data).hexdigest()
        path = path_of(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(paper.data)
        Attachment.objects.create(
            matter=matter, seq=matter.version + 1, key=key, name=paper.name[:90], kind=paper.kind, size=len(paper.data),
            sha256=digest, at=step.now, office=by.office[:120], for_resident=for_resident,
        )  # fmt: skip
        if for_resident:
            matter.moved_at = step.now
        fact = MatterAttached(matter.number, paper.kind, len(paper.data), digest, for_resident=for_resident)
        step.record(fact)
    return matter


def path_of(key: str) -> Path:
    """Where a document lies: beside the photos' folder, under a random name without an ending."""
    return Path(settings.MEDIA_ROOT) / "papers" / key[:2] / key


def _official(by: Actor) -> None:
    """A resident may add to a matter, by the same power; this is not that."""
    if by.kind != "staff":
        raise Refused(_("备注和附件由工作人员来写、来放。"))
