"""打印件 — a matter on paper: with its course for officials, as a receipt for the resident. Whoever asks, the telephone is masked.

What it looks like is the city's template (packs/…/documents/matter.typ); what it says is put together here, in words.
"""

from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import segno
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linli.engines.documents import pdf
from linli.kernel import clock, masking
from linli.mechanisms import journal, rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.rulebook import city
from linli.mechanisms.territory.words import level_words
from linli.work.matters import queries, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Contact, Matter, Visibility
from linli.work.matters.rules import Outcomes

TEMPLATE = "documents/matter.typ"


def for_officials(matter: Matter, *, by: Actor) -> bytes:
    """The matter with its course: what was said, by whom, by which rule; internal notes are marked as such."""
    story = queries.story(matter, for_resident=False)
    head = journal.history(matter.subject)[-1]
    said = {
        "heading": matter.title,
        "issuer": by.body_name,
        "footer": _("%(number)s · 内部使用，不得外传 · %(who)s 打印") % {"number": matter.number, "who": by.office},
        "facts": [*_facts(matter), (_("反映人"), _reporter(matter))],
        "steps": [_step(each, internal=each.move == LIFE.note.name) for each in story],
        "note": _("到第 %(n)s 条为止。每一条都在日志里，打印以后的变动不在这张纸上。") % {"n": head.seq},
    }
    return _made(matter, said)


def receipt(matter: Matter) -> bytes:
    """回执 — for the resident: number, who has it, by when, what happened so far, and the way back to it."""
    address = f"{settings.BASE_URL}/m/{matter.number}/{words.follow_token(matter.number)}/"
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0, scale=4)
    story = [each for each in queries.story(matter, for_resident=True) if each.move != "remind"]
    said = {
        "heading": _("回执：%(title)s") % {"title": matter.title},
        "issuer": city.head().city.name,
        "footer": _("%(number)s · 凭上面的码或网址查进展、补充、评价") % {"number": matter.number},
        "facts": [*_facts(matter), (_("反映人"), _reporter(matter))],
        "steps": [_step(each, internal=False, by_office=True) for each in story],
        "note": _("码和网址就是钥匙，谁拿到谁就能看，请收好："),
        "address": unquote(address),
        "qr": drawn.getvalue().decode(),
        "qr_words": _("扫码看进展"),
    }
    return _made(matter, said)


def _made(matter: Matter, said: dict[str, Any]) -> bytes:
    now = clock.now()
    common = {
        "title": f"{matter.number} {matter.title}",
        "number": matter.number,
        "state": matter.state_words,
        "issued": _("%(day)s 出具") % {"day": _moment(now)},
        "text": matter.text,
        "reply": matter.reply,
        "reply_word": _("给居民的答复"),
        "steps_word": _("经过"),
        "columns": [_("何时"), _("哪一步"), _("谁、说了什么")],
        "internal_word": _("内部"),
        "page_word": _("第"),
    }
    return pdf(Path(settings.PACK) / TEMPLATE, common | said, at=now)


def _facts(matter: Matter) -> list[tuple[str, str]]:
    outcome = rulebook.current(Outcomes).list.find(matter.outcome)
    due = _("停着，恢复后接着算") if matter.is_paused else _moment(matter.due_at)
    rows = [
        (_("地点"), queries.place_words(matter)),
        (_("类别"), queries.category_name(matter)),
        (_("登记"), f"{_moment(matter.registered_at)} · {matter.get_channel_display()}"),
        (_("现在"), f"{level_words(matter.level)} · {matter.handler.name} {matter.handler.phone}".strip()),
        (_("最晚答复"), due),
        (_("依据"), queries.cited(matter.due_rule).title),
    ]
    return [*rows, (_("办理结果"), rulebook.label(outcome))] if outcome else rows


def _reporter(matter: Matter) -> str:
    """Masked on every paper: paper is left on desks."""
    row = Contact.objects.filter(matter=matter).first()
    if row is None or matter.visibility == Visibility.ANONYMOUS:
        return _("没有留下身份")
    if matter.is_report:
        return _("保密")
    return " ".join(part for part in (masking.mask_name(row.name), masking.mask_phone(row.phone)) if part)


def _step(line: queries.Happened, *, internal: bool, by_office: bool = False) -> dict[str, Any]:
    rule = getattr(line.fact, "rule", "")
    who = line.who if line.by == "staff" or not by_office else ""
    return {
        "at": _moment(line.at), "word": line.label, "who": who, "said": line.said, "internal": internal,
        "rule": _("依据 %(rule)s") % {"rule": queries.cited(rule).title} if rule else "",
    }  # fmt: skip


def _moment(moment: Any) -> str:
    local = moment.astimezone(clock.CITY)
    return f"{date_format(local, 'MONTH_DAY_FORMAT')} {local:%H:%M}"
