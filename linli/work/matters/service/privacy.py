"""个人信息 — cleared when its time has come, held back with a reason, corrected by the person, handed to them, deleted.

What is counted stays: categories, places down to the grid, moments, states. The journal holds no personal data, only
digests of words, so nothing here touches an entry and the chain stays valid.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.facts.privacy import (
    ContactCorrected,
    DataCleared,
    DataHandedOver,
    DataHeld,
    DataReleased,
    ErasureAsked,
    ErasureGranted,
    ErasureOverdue,
    ErasureRecounted,
    ErasureRefused,
    PublicWordsSet,
)
from linli.kernel import clock, masking, text
from linli.kernel.calendar import Due
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access import service as access
from linli.mechanisms.access.models import Reveal
from linli.mechanisms.access.sealing import SealedField, Unreadable
from linli.mechanisms.flow import Move, NotNow, clocks, timers
from linli.work.matters import proposals, words
from linli.work.matters.flow import ENDED, ERASURE, LIFE, State
from linli.work.matters.models import (
    Attachment,
    Clearing,
    Consent,
    Contact,
    Erasure,
    Hold,
    Matter,
    Merge,
    Photo,
    Submission,
    Support,
    Visibility,
)
from linli.work.matters.rules import PARTS, ErasureRefusals, Part, Retentions
from linli.work.matters.service import last_words, papers, photos
from linli.work.matters.service.handling import MissingWordsError, need

UNDECIDED = "matters.undecided"
FOUND_AT_ONCE = 1000
ABOUT_100_METRES = 3
"""Decimals of a degree that stay of a pin: a street corner, not a door."""


class WrongContactError(ValueError):
    """A corrected contact cannot be taken; the sentence stands beside the field."""

    def __init__(self, field: str, sentence: str) -> None:
        """Which field."""
        super().__init__(sentence)
        self.field = field


# --- In time 到期清除 -----------------------------------------------------------------------------------------------------
def due(part: Part, *, now: datetime) -> QuerySet[Matter]:
    """Ended matters whose period for one part has passed and which nobody holds back, the longest ended first."""
    rules = rulebook.current(Retentions).list
    named = [item.category for item in rules.items if item.category]
    passed = _over(now - timedelta(days=rules.general.days(part))) & ~Q(category__in=named)
    for item in rules.items:
        if item.category:
            passed |= _over(now - timedelta(days=item.days(part))) & Q(category=item.category)
    held = Hold.objects.filter(matter=models.OuterRef("pk"), released_at__isnull=True)
    there = {
        "contact": models.Exists(Contact.objects.filter(matter=models.OuterRef("pk"))),
        "photos": models.Exists(Photo.objects.filter(matter=models.OuterRef("pk")))
        | models.Exists(Attachment.objects.filter(matter=models.OuterRef("pk"))),
        "words": ~models.Exists(Clearing.objects.filter(matter=models.OuterRef("pk"), words_at__isnull=False)),
    }[part]
    rows = Matter.objects.filter(passed, there, ~models.Exists(held), state__in=LIFE.clear.sources)
    return rows.order_by("ended_at", "pk")


def _over(day: datetime) -> Q:
    """Ended by then. What was merged ends with the matter it goes along with; a part, when it was verified."""
    along = Merge.objects.filter(ended_at__isnull=True, main__state__in=ENDED, main__ended_at__lte=day)
    return Q(ended_at__lte=day) | Q(state=State.MERGED, pk__in=along.values("matter"))


def due_numbers(part: Part, *, now: datetime, limit: int | None = None) -> Iterator[str]:
    """The same, as numbers only."""
    yield from due(part, now=now).values_list("number", flat=True)[:limit].iterator()


class _Waiting:
    """What this process found due and has not come to yet: finding it goes through all that ever ended."""

    parts: ClassVar[dict[int, set[Part]]] = {}


def clear_due(*, limit: int = 20) -> int:
    """清除一批到期的 — what the worker does whenever it has time; returns how many matters were cleared."""
    if not _Waiting.parts:
        now = clock.now()
        for part in PARTS:
            for pk in due(part, now=now).values_list("pk", flat=True)[:FOUND_AT_ONCE]:
                _Waiting.parts.setdefault(pk, set()).add(part)
    done = 0
    for pk in list(_Waiting.parts)[:limit]:
        parts = _Waiting.parts.pop(pk)
        matter = Matter.objects.filter(pk=pk).first()
        done += matter is not None and clear(matter, parts=parts, by=Actor.system("retention"))
    return done


class _NothingLeft(Exception):  # noqa: N818  Not an error: the reason to undo.
    """Somebody else cleared it meanwhile, or it was held back or opened again."""


def clear(matter: Matter, *, parts: Collection[Part], by: Actor) -> bool:
    """清除 — these parts of an ended matter, if they are due; False if nothing of it was."""
    edition = rulebook.current(Retentions)
    rule = edition.ref.item(edition.list.rule_for(matter.category).code)
    try:
        with flow.act(matter, LIFE.clear, by=by) as (matter, step):
            now_due: list[Part] = [
                part for part in PARTS if part in parts and due(part, now=step.now).filter(pk=matter.pk).exists()
            ]
            if not now_due:
                raise _NothingLeft
            step.record(_cleared(matter, now_due, step, rule=rule))
    except (_NothingLeft, NotNow):
        return False
    return True


def _cleared(matter: Matter, parts: Collection[Part], step: flow.Step, *, rule: str) -> DataCleared:
    """Inside a step on the matter: take the parts away, note when, and say so without saying what."""
    known = _known_names(matter)
    gone = 0
    if "words" in parts:
        _rewrite(matter, lambda said: masking.blot_personal(said, known))
        _forget_marks(matter)
    elif "contact" in parts and any(known):  # After this nobody knows any more which names to look for.
        _rewrite(matter, lambda said: masking.blot_known(said, known))
    if "contact" in parts:
        Contact.objects.filter(matter=matter).delete()
        Consent.objects.filter(matter=matter).delete()
    if "photos" in parts:
        gone = _remove_photos(matter)
    noted = {f"{part}_at": step.now for part in parts}
    Clearing.objects.update_or_create(matter=matter, defaults=noted)
    return DataCleared(matter.number, kinds=tuple(parts), photos=gone, rule=rule)


def _known_names(matter: Matter) -> tuple[str, ...]:
    """How the person is called and reached, to be found in their own words as well."""
    row = Contact.objects.filter(matter=matter).first()
    spoke = Consent.objects.filter(matter=matter).first()
    try:
        return ((row.name, row.phone, row.email) if row else ()) + ((spoke.speaker, spoke.phone) if spoke else ())
    except Unreadable:
        return ()  # Their key is gone; what the text itself gives away is found all the same.


def _rewrite(matter: Matter, blot: Callable[[str], str]) -> None:
    """Every text of the matter and of what hangs on it."""
    for name, most in (
        ("text", None),
        ("title", 60),
        ("reply", None),
        ("shown_title", 60),
        ("place_text", 120),
        ("shown_place", 160),
    ):
        setattr(matter, name, blot(getattr(matter, name))[:most])
    matter.search = words.tokens(matter)
    for model, link, names in _texts():
        rows = list(model._default_manager.filter(**{link: matter}))  # noqa: SLF001  Django's own name.
        for row in rows:
            for name in names:
                setattr(row, name, blot(getattr(row, name) or ""))
        if rows:
            model._default_manager.bulk_update(rows, list(names))  # noqa: SLF001
    looks = list(Reveal.objects.filter(subject=matter.subject))
    for look in looks:
        look.purpose = blot(look.purpose)[:200]
    Reveal.objects.bulk_update(looks, ["purpose"])


def _forget_marks(matter: Matter) -> None:
    """The door becomes a street corner; marks of devices and forms go. How many supported it stands on the matter."""
    matter.place_text = matter.shown_place = ""
    if matter.lon is not None and matter.lat is not None:
        matter.lon, matter.lat = round(matter.lon, ABOUT_100_METRES), round(matter.lat, ABOUT_100_METRES)
    matter.search = words.tokens(matter)
    Support.objects.filter(matter=matter).delete()
    Submission.objects.filter(matter=matter).delete()


def _texts() -> Iterator[tuple[type[models.Model], str, tuple[str, ...]]]:
    """Everything of this app that hangs on a matter and holds free text: found, not listed, so that none is forgotten."""
    for relation in Matter._meta.related_objects:  # noqa: SLF001
        model = relation.related_model
        names = tuple(
            each.name
            for each in model._meta.concrete_fields  # noqa: SLF001
            if isinstance(each, models.TextField) and not isinstance(each, SealedField)
        )
        if names and model is not Matter and model._meta.app_label == Matter._meta.app_label:  # noqa: SLF001
            yield model, relation.field.name, names


def _remove_photos(matter: Matter) -> int:
    """Photos and papers: the rows now, the files once that is committed.

    A file without a row is swept; a row without a file is a hole.
    """
    keys = list(Photo.objects.filter(matter=matter).values_list("key", flat=True))
    Photo.objects.filter(matter=matter).delete()
    documents = list(Attachment.objects.filter(matter=matter).values_list("key", flat=True))
    Attachment.objects.filter(matter=matter).delete()

    def remove() -> None:
        for key in documents:
            papers.path_of(key).unlink(missing_ok=True)
        for key in keys:
            photos.path_of(key).unlink(missing_ok=True)
            photos.thumbnail_of(key).unlink(missing_ok=True)

    transaction.on_commit(remove)
    return len(keys) + len(documents)


# --- Held back 暂缓清除 ---------------------------------------------------------------------------------------------------
def hold(matter: Matter, *, reason: str, by: Actor) -> Hold:
    """暂缓清除 — until somebody releases it; the reason is on record."""
    need(reason, _("请写明为什么要留得更久，例如：正在复议，案号是……"))
    with flow.act(matter, LIFE.hold, by=by) as (matter, step):
        if by.person_id is None:
            raise Refused(_("暂缓清除必须以本人岗位登录。"))
        if Hold.objects.filter(matter=matter, released_at__isnull=True).exists():
            raise NotNow(_("这一件已经暂缓清除了。"))
        row = Hold.objects.create(matter=matter, reason=text.clean(reason), held_by_id=by.person_id, held_at=step.now)
        step.record(DataHeld(matter.number, words=words.say(matter, step, reason, for_resident=False)))
    return row


def release(matter: Matter, *, why: str, by: Actor) -> Matter:
    """解除暂缓 — its periods count again from the matter's end; what is past them goes with the next round."""
    need(why, _("请写明为什么可以解除，例如：复议已经结束。"))
    with flow.act(matter, LIFE.release, by=by) as (matter, step):
        changed = Hold.objects.filter(matter=matter, released_at__isnull=True).update(released_at=step.now)
        if not changed:
            raise NotNow(_("这一件没有暂缓清除。"))
        step.record(DataReleased(matter.number, words=words.say(matter, step, why, for_resident=False)))
    return matter


# --- The person's own 本人的权利 -------------------------------------------------------------------------------------------
def correct(matter: Matter, *, name: str, phone: str, email: str, by: Actor) -> Matter:
    """更正联系方式 — by whoever holds the matter's link; empty takes a field away. Raises WrongContactError."""
    said = {"name": text.clean(name)[:40], "phone": text.clean(phone)[:20], "email": text.clean(email)[:120]}
    if said["email"]:
        try:
            validate_email(said["email"])
        except ValidationError:
            raise WrongContactError("email", _("电子邮箱不像一个地址，例如 zhao@example.com。")) from None
    with flow.act(matter, LIFE.correct, by=by) as (matter, step):
        row = Contact.objects.filter(matter=matter).first() or Contact(matter=matter)
        try:
            before = {field: getattr(row, field) for field in said}
        except Unreadable:
            before = {}  # Nobody can read what stood there; the person says it anew.
        changed = tuple(field for field in said if said[field] != before.get(field))
        if not changed:
            raise NotNow(_("没有改动。"))
        for field, value in said.items():
            setattr(row, field, value)
        if any(said.values()):
            row.save()
        elif row.pk is not None:
            Contact.objects.filter(matter=matter).delete()
        matter.visibility = (
            Visibility.NAMED if said["name"] else Visibility.PSEUDONYM if any(said.values()) else Visibility.ANONYMOUS
        )
        step.record(ContactCorrected(matter.number, kinds=changed))
    return matter


def disclose(matter: Matter, *, checked: str, by: Actor) -> Reveal:
    """告知本人 — an official who has checked who is asking hands them what is held; the look is written down first."""
    if matter.is_report and by.scope == "body":
        raise Refused(_("这是一件举报，反映人的身份对承办单位保密。"))
    with flow.act(matter, LIFE.disclose, by=by) as (matter, step):
        row = access.write_reveal(
            matter.subject, field="copy", purpose=masking.mask_personal(checked), by=by, at=step.now
        )
        step.record(access.revealed(row), DataHandedOver(matter.number, office=by.office))
    return row


@transaction.atomic
def ask_erasure(matter: Matter, *, scope: str, why: str, by: Actor) -> Erasure:
    """申请删除 — decided within a limit, by somebody who may; while one waits there is no second."""
    if scope not in {"contact", "all"}:
        raise MissingWordsError(_("请选要删什么。"))
    Matter.objects.select_for_update(no_key=True).get(pk=matter.pk)  # Two at once: the second finds the first.
    if Erasure.objects.filter(matter=matter, decided_at__isnull=True).exists():
        raise NotNow(_("这一件已经申请过了，正在等答复。"))
    count = Erasure.objects.filter(matter=matter).count() + 1
    now = clock.now()
    limit, rule = proposals.limit_for("erase", category=matter.category, risk=matter.risk)
    row = Erasure(
        number=f"{matter.number}-删{count}", matter=matter, scope=scope, why=text.clean(why)[: words.LONGEST],
        asked_at=now, rule=rule,
    )  # fmt: skip
    with flow.begin(row, ERASURE.ask_erasure, by=by) as (row, step):
        found = clocks.start(row.subject, "erase", limit=limit, rule=rule, at=step.now)
        row.decide_by = found.at
        timers.arm(row.subject, UNDECIDED, at=found.at + timedelta(seconds=1))
        step.record(
            ErasureAsked(
                row.number, matter=matter.number, scope=scope, county=matter.county_id, decide_by=found.at, rule=rule
            )
        )
    return row


@transaction.atomic
def grant(row: Erasure, *, by: Actor, said: str = "", expected: int | None = None) -> Erasure:
    """同意删除 — and it is done in the same moment. An open matter keeps what it cannot be handled without."""
    matter = row.matter
    parts: tuple[Part, ...] = ("contact",) if row.scope == "contact" else PARTS
    if row.scope == "all" and matter.state not in ENDED:
        raise NotNow(_("这件事还没有办结，原话和照片还用得着；可以先只删联系方式，或者写明理由不删。"))
    if Hold.objects.filter(matter=matter, released_at__isnull=True).exists():
        raise NotNow(_("这一件暂缓清除，理由写在件上；先解除，或者照那个理由答复不能删。"))
    row = _decide(row, ERASURE.grant, by=by, said=said, expected=expected, parts=parts)
    last_words.keep_address(row, at=clock.now())
    with flow.act(matter, LIFE.erase, by=by) as (matter, step):
        step.record(_cleared(matter, parts, step, rule=row.rule))
    return row


def refuse(row: Erasure, *, reason: str, said: str, by: Actor, expected: int | None = None) -> Erasure:
    """不能删除 — one of the lawful cases, and in clear words which and why."""
    need(said, _("请用居民看得懂的话写明依据哪一条、为什么现在不能删。"))
    rulebook.current(ErasureRefusals).list.item(reason)
    return _decide(row, ERASURE.refuse, by=by, said=said, expected=expected, reason=reason)


def _decide(
    row: Erasure,
    move: Move,
    *,
    by: Actor,
    said: str,
    expected: int | None,
    reason: str = "",
    parts: tuple[Part, ...] = (),
) -> Erasure:
    with flow.step(row, move, by=by, expected=expected) as (row, step):
        clocks.stop(row.subject, "erase", at=step.now)
        timers.disarm(row.subject)
        row.decided_at, row.reason, row.said = step.now, reason, text.clean(said)[: words.LONGEST]
        in_time = step.now <= row.decide_by
        number = row.matter.number
        step.record(
            ErasureRefused(row.number, number, reason=reason, in_time=in_time)
            if reason
            else ErasureGranted(row.number, number, kinds=parts, in_time=in_time)
        )
    return row


@timers.timer(UNDECIDED)
def mark_undecided(subject: str, by: Actor) -> None:
    """逾期未定 — whoever decides is told once; the request stays open."""
    row = Erasure.objects.select_related("matter").get(number=subject.partition(":")[2])
    if row.state in ERASURE.mark_undecided.sources:
        with flow.act(row, ERASURE.mark_undecided, by=by) as (row, step):
            row.overdue = True
            step.record(
                ErasureOverdue(row.number, row.matter.number, county=row.matter.county_id, decide_by=row.decide_by)
            )


@clocks.follow
def follow_the_clock(subject: str, name: str, due: Due) -> None:
    """A calendar year was entered: the day by which a request is decided moves with its clock, and so does the mark."""
    if name != "erase" or not subject.startswith("erasure:"):
        return
    row = Erasure.objects.select_related("matter").get(number=subject.partition(":")[2])
    if row.state not in ERASURE.recount_erasure.sources:
        return
    with flow.act(row, ERASURE.recount_erasure, by=Actor.system("calendar")) as (row, step):
        row.decide_by = due.at
        row.overdue = row.overdue and due.at < step.now
        if not row.overdue:
            timers.arm(row.subject, UNDECIDED, at=due.at + timedelta(seconds=1))
        step.record(ErasureRecounted(row.number, row.matter.number, decide_by=due.at, provisional=due.provisional))


# --- What neighbours see 公开字句 -----------------------------------------------------------------------------------------
def mask(matter: Matter, *, keep: Collection[str], hide: Collection[str], by: Actor) -> Matter:
    """核定公开字句 — of what the system would hide, `keep` is shown after all; `hide` is hidden besides. Both are on record.

    Only the title and the place are public; nobody rewrites what a resident said. Hiding wins over showing where
    both name the same words.
    """
    with flow.act(matter, LIFE.mask, by=by) as (matter, step):
        if not matter.is_public:
            raise NotNow(_("这一件不公开，邻居看不到，不用核定。"))
        hidden = {word for word in (text.clean(each) for each in hide) if word}
        for word in hidden:
            if word not in matter.title and word not in matter.place_text:
                raise MissingWordsError(_("标题和地点里没有“%(word)s”，请照原样写。") % {"word": word})
        matter.shown_title = masked_by_hand(matter.title, keep=keep, hide=hidden)[:60]
        matter.shown_place = masked_by_hand(matter.place_text, keep=keep, hide=hidden)[:160]
        seen = f"{matter.shown_title}\n{matter.shown_place}"
        said = _("公开的标题：%(title)s；地点：%(place)s") % {"title": matter.shown_title, "place": matter.shown_place}
        words.say(matter, step, said, for_resident=False)
        step.record(PublicWordsSet(matter.number, masked=len(hidden), words=words.digest(matter.subject, seen)))
    return matter


def masked_by_hand(said: str, *, keep: Collection[str], hide: Collection[str]) -> str:
    """The text as neighbours see it after an official's correction."""
    pieces, done = [], 0
    for span in masking.find_personal(said):
        found = said[span.start : span.end]
        pieces += [said[done : span.start], found if found in keep else masking.mask_span(found, span.kind)]
        done = span.end
    shown = "".join(pieces) + said[done:]
    for word in sorted(hide, key=len, reverse=True):
        shown = shown.replace(word, "*" * min(len(word), 4))
    return shown
