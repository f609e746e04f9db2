"""Every write to a notice to neighbours (邻里告知) or a front page (街道主页). Read flow.py first."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from linli.engines.pictures import Picture
from linli.facts.announcements import (
    AnnouncementCorrected,
    AnnouncementEnded,
    AnnouncementPublished,
    AnnouncementWithdrawn,
    FrontPageSet,
)
from linli.kernel import clock
from linli.mechanisms import flow, journal, rulebook
from linli.mechanisms.access import Actor, Refused, require
from linli.mechanisms.access import queries as access
from linli.mechanisms.flow import timers
from linli.mechanisms.territory import Node
from linli.work.announcements import rules, words
from linli.work.announcements.flow import LIFE
from linli.work.announcements.models import Announcement, FrontPage, FrontPicture, Wording
from linli.work.announcements.rules import Kind, Kinds
from linli.work.announcements.words import WordsError

END = "announcements.end"
FRONT = "announcements.front"


@dataclass(frozen=True)
class Written:
    """What somebody wrote to be published."""

    title: str
    text: str
    begins_at: datetime
    until_at: datetime
    phone: str = ""


def publish(written: Written, *, kind: str, area: Node, by: Actor) -> Announcement:
    """发布 — tell the neighbours of an area. Raises Refused outside the own scope, WordsError for what cannot stand."""
    require(by, LIFE.publish.power)
    must_reach(area.path, area.name, by)
    assert by.body_id is not None, "who publishes sits at a post of a body"
    held = rulebook.current(Kinds)
    item = held.list.find(kind)
    if item is None:
        raise WordsError(_("请选一个种类。"), "kind")
    written = _checked(written, item)
    with transaction.atomic():
        made = Announcement(number=_next_number(), area_id=area.id, body_id=by.body_id, kind=kind)
        with flow.begin(made, LIFE.publish, by=by) as (made, step):
            made.published_at = step.now
            _set(made, written)
            step.record(
                AnnouncementPublished(
                    made.number, area=area.id, kind=kind, begins_at=written.begins_at, until_at=written.until_at,
                    rule=held.ref.item(kind), words=_digest(made, written),
                )
            )  # fmt: skip
        _keep(made, written, at=made.published_at, by=by)
        timers.arm(made.subject, END, at=made.until_at)
    return made


def correct(announcement: Announcement, written: Written, *, by: Actor, expected: int | None = None) -> Announcement:
    """更正 — a new edition holds from now on; what was said before stays readable. Of a kind and for an area as before."""
    with flow.act(announcement, LIFE.correct, by=by, expected=expected) as (announcement, step):
        must_reach(announcement.area.path, announcement.area.name, by)
        _must_stand(announcement)
        written = _checked(written, rulebook.current(Kinds).list.find(announcement.kind))
        held = announcement.wordings.get(edition=announcement.edition)
        if (held.title, held.text, held.phone, held.begins_at, held.until_at) == (
            written.title, written.text, written.phone, written.begins_at, written.until_at,
        ):  # fmt: skip
            raise WordsError(_("和现在这一版一样，没有可更正的。"))
        announcement.edition += 1
        _set(announcement, written)
        _keep(announcement, written, at=step.now, by=by)
        step.record(
            AnnouncementCorrected(
                announcement.number, area=announcement.area_id, edition=announcement.edition,
                begins_at=written.begins_at, until_at=written.until_at, words=_digest(announcement, written),
            )
        )  # fmt: skip
        timers.arm(announcement.subject, END, at=announcement.until_at)
    return announcement


def withdraw(announcement: Announcement, *, reason: str, by: Actor, expected: int | None = None) -> Announcement:
    """撤下 — it should not stand. The reason is public; the text no longer is."""
    with flow.step(announcement, LIFE.withdraw, by=by, expected=expected) as (announcement, step):
        must_reach(announcement.area.path, announcement.area.name, by)
        _must_stand(announcement)
        reason = words.cleaned(
            reason, most=rules.LONGEST_REASON, field="reason", missing=_("请写明为什么撤下，邻居会看到。")
        )
        announcement.withdrawn_at, announcement.withdrawal = step.now, reason
        said = words.digest(announcement.subject, reason)
        step.record(AnnouncementWithdrawn(announcement.number, area=announcement.area_id, words=said))
        timers.disarm(announcement.subject, END)
    return announcement


@timers.timer(END)
def end(subject: str, by: Actor) -> None:
    """到期 — its time is over. Pages have not shown it since that moment, whenever this comes."""
    announcement = Announcement.objects.get(number=subject.partition(":")[2])
    if announcement.state in LIFE.end.sources and announcement.is_over:
        with flow.step(announcement, LIFE.end, by=by) as (announcement, step):
            step.record(AnnouncementEnded(announcement.number, area=announcement.area_id))


# --- 街道主页 -----------------------------------------------------------------------------------------------------
def set_front_page(
    area: Node, *, welcome: str, alias: str, described: str, picture: Picture | None, drop: bool = False, by: Actor
) -> FrontPage:
    """街道主页 — say how a street's page greets. A new picture replaces the old one; `drop` takes it off.

    Raises Refused outside the own scope and for what is no township or street, WordsError for what cannot stand.
    """
    require(by, FRONT)
    if area.level != rules.TOWNSHIP or area.functional:
        raise Refused(_("主页是乡镇（街道）的。"))
    must_reach(area.path, area.name, by)
    welcome = words.cleaned(welcome, most=rules.LONGEST_WELCOME, field="welcome")
    described = words.cleaned(described, most=60, field="described")
    alias = alias.strip().lower()
    if alias and not rules.is_alias(alias):
        raise WordsError(_("短地址用小写字母开头，3到20个小写字母、数字或连字符，如 pengli。"), "alias")
    with transaction.atomic():
        page, _new = FrontPage.objects.select_for_update().get_or_create(
            area_id=area.id, defaults={"updated_at": clock.now()}
        )
        if (picture or (page.picture_id and not drop)) and not described:
            raise WordsError(_("请写一句图片上是什么，看不见的人靠它知道。"), "described")
        old = page.picture_id
        if picture is not None:
            page.picture = _stored(picture)
        elif drop:
            page.picture = None
        page.alias, page.welcome, page.updated_at = alias or None, welcome, clock.now()
        page.described = described if page.picture_id else ""
        try:
            with transaction.atomic():
                page.save()
        except IntegrityError:
            raise WordsError(_("这个短地址别的地方在用，换一个。"), "alias") from None
        if old and old != page.picture_id:
            FrontPicture.objects.filter(pk=old).delete()
        fact = FrontPageSet(
            area.id, alias=alias, picture=page.picture_id or "", words=words.digest(page.subject, welcome, described)
        )
        journal.append(page.subject, fact, by=by.author, at=page.updated_at, move="set_front_page")
    return page


def must_reach(path: str, name: str, by: Actor) -> None:
    """Only one's own place, and what lies in it."""
    if not access.reaches_area(by, path):
        raise Refused(_("“%(area)s”不在您的管辖范围内，不能替它告知。") % {"area": name})


def _must_stand(announcement: Announcement) -> None:
    if announcement.is_over:
        raise flow.NotNow(_("这份告知已经到期，不用再改；要接着告知，请另发一份。"))


def _checked(written: Written, kind: Kind | None) -> Written:
    """With everything cleaned, and nothing in it that cannot become public. Raises WordsError."""
    title = words.cleaned(
        written.title, most=rules.LONGEST_TITLE, field="title", missing=_("请写一个标题，让人一眼知道什么事。")
    )
    said = words.cleaned(
        written.text, most=rules.LONGEST_TEXT, field="text", missing=_("请写清楚什么事、影响谁、要注意什么。")
    )
    phone = " ".join(written.phone.split())
    if phone and (len(phone) > rules.LONGEST_PHONE or not rules.is_phone(phone)):
        raise WordsError(_("电话写成 0543-3221234 或 95598 这样。"), "phone")
    words.cleaned(phone, most=rules.LONGEST_PHONE, field="phone")
    if written.until_at <= written.begins_at:
        raise WordsError(_("结束要在开始之后。"), "until_at")
    if written.until_at <= clock.now():
        raise WordsError(_("结束的时候已经过去了，没有人会看到。"), "until_at")
    if kind is not None and rules.too_long(max(written.begins_at, clock.now()), written.until_at, kind.days):
        raise WordsError(
            _("“%(kind)s”最多告知%(days)s天；还没完的话，到时候再发一份。")
            % {"kind": rulebook.label(kind), "days": kind.days},
            "until_at",
        )
    return Written(title, said, written.begins_at, written.until_at, phone)


def _set(announcement: Announcement, written: Written) -> None:
    announcement.title = written.title
    announcement.begins_at, announcement.until_at = written.begins_at, written.until_at


def _keep(announcement: Announcement, written: Written, *, at: datetime, by: Actor) -> None:
    office = " ".join(part for part in (by.body_name, by.title) if part)
    Wording.objects.create(
        announcement=announcement, edition=announcement.edition, title=written.title, text=written.text,
        phone=written.phone, begins_at=written.begins_at, until_at=written.until_at, at=at, office=office,
    )  # fmt: skip


def _digest(announcement: Announcement, written: Written) -> str:
    return words.digest(announcement.subject, written.title, written.text, written.phone)


def _stored(picture: Picture) -> FrontPicture:
    return FrontPicture.objects.create(
        key=secrets.token_hex(16), jpeg=picture.jpeg, width=picture.width, height=picture.height,
        sha256=hashlib.sha256(picture.jpeg).hexdigest(), at=clock.now(),
    )  # fmt: skip


def _next_number() -> str:
    """告26-0012: one row of numbers a year, without gaps."""
    year = f"告{clock.today():%y}-"
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtextextended('linli.announcements.number', 0))")
        db.execute(
            "SELECT COALESCE(max(substr(number, %s)::int), 0) + 1 FROM announcements_announcement "
            "WHERE starts_with(number, %s)",
            [len(year) + 1, year],
        )
        return f"{year}{db.fetchone()[0]:04d}"
