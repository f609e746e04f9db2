"""Every read of matters that is not trivial. All start from visible_to(actor) or from a resident's own link."""

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from linli.facts.matters import MatterAttached, MatterSpokenFor
from linli.kernel import clock, masking, text
from linli.kernel.calendar import Unit
from linli.kernel.coordinates import Point
from linli.mechanisms import journal, rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body, Reveal
from linli.mechanisms.access.sealing import Unreadable
from linli.mechanisms.access.words import title_words
from linli.mechanisms.flow import Move, clocks
from linli.mechanisms.flow.models import Clock
from linli.mechanisms.journal.models import Entry
from linli.work.matters import exclusions, proposals, rules, rulings, supervision, words
from linli.work.matters.flow import ENDED, LIFE, OPEN, State
from linli.work.matters.models import (
    Approval,
    Attachment,
    Carry,
    CoHandler,
    Consent,
    Contact,
    LastAddress,
    Matter,
    Objection,
    Photo,
    Remark,
    Support,
    Visibility,
)
from linli.work.matters.rules import Categories

SLOTS = {1: "city_id", 2: "county_id", 3: "township_id", 4: "community_id", 5: "grid_id"}


def reach(actor: Actor) -> dict[str, int] | None:
    """What of a matter decides that this actor may know of it: column and value; {} for all, None for nothing.

    Strangers: nothing; what is public has its own query (nearby).
    """
    if actor.kind == "system":
        return {}
    if actor.kind != "staff" or not actor.has("matters.read"):
        return None
    if actor.scope == "area" and actor.area_level in SLOTS and actor.area_id is not None:
        return {} if actor.area_level == 1 else {SLOTS[actor.area_level]: actor.area_id}
    if actor.scope == "body" and actor.body_id is not None:
        return {"handler_id": actor.body_id}
    return None


def visible_to(actor: Actor) -> QuerySet[Matter]:
    """The matters within this actor's reach."""
    held = reach(actor)
    return Matter.objects.none() if held is None else Matter.objects.filter(**held)


def get(actor: Actor, number: str) -> Matter:
    """One matter, or 404: outside an actor's reach even its existence is not disclosed."""
    found = visible_to(actor).select_related("handler").filter(number=number).first()
    if found is None and actor.scope == "body" and actor.has("matters.read"):
        found = _asked_of(actor).select_related("handler").filter(number=number).first()
    if found is None:
        raise Http404("没有这件诉求，或不在您的管辖范围内。")
    return found


def _asked_of(actor: Actor) -> QuerySet[Matter]:
    """What another body leads and this one is asked about: to support it, or to take an order no duty list holds."""
    helps = CoHandler.objects.filter(body_id=actor.body_id or 0).values("matter_id")
    orders = Approval.objects.filter(body_id=actor.body_id or 0, decided_at__isnull=True).values("matter_id")
    return Matter.objects.filter(Q(pk__in=helps) | Q(pk__in=orders))


def may_see(actor: Actor, number: str) -> bool:
    """Would `get` give it?"""
    try:
        get(actor, number)
    except Http404:
        return False
    return True


def helping(actor: Actor, *, limit: int = 50) -> list[CoHandler]:
    """What this body is asked to support and is still open, what it has not answered first."""
    rows = CoHandler.objects.filter(body_id=actor.body_id or 0, matter__state__in=OPEN).select_related(
        "matter__handler"
    )
    return list(rows.order_by(F("advised_at").asc(nulls_first=True), "advise_by", "id")[:limit])


def among(actor: Actor, numbers: Iterable[str]) -> dict[str, Matter]:
    """Those of these matters the actor may read, by number: for a list another app made of numbers alone."""
    return {each.number: each for each in visible_to(actor).select_related("handler").filter(number__in=list(numbers))}


def by_link(number: str, token: str) -> Matter:
    """A resident's own matter by its secret link, or 404."""
    if words.is_follow_token(number, token):
        found = Matter.objects.select_related("handler").filter(number=number).first()
        if found is not None:
            return found
    raise Http404("没有找到这件诉求。请检查链接是否完整。")


def slot_of(area_id: int) -> dict[str, int] | None:
    """What lies in an area: column and value; None for an area that does not exist."""
    try:
        level = territory.area(area_id).level
    except LookupError:
        return None
    return {SLOTS.get(level, "grid_id"): area_id}


def within(area_id: int) -> Q:
    """The same as a condition."""
    held = slot_of(area_id)
    return Q(pk__isnull=True) if held is None else Q(**held)


# --- One matter ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Happened:
    """One line of a matter's story: what, when, who by office, the words said, the rule."""

    seq: int
    at: datetime
    move: str
    label: str
    who: str
    fact: Any
    said: str = ""
    by: str = "staff"
    """staff, resident or system."""


def story(matter: Matter, *, for_resident: bool) -> list[Happened]:
    """The journal of a matter as a person reads it. A resident sees what was said to them, and who looked at their identity."""
    remarks = {row.seq: row for row in Remark.objects.filter(matter=matter)}
    lines = []
    for heard in journal.history(matter.subject):
        if for_resident and _is_internal(heard):
            continue
        remark = remarks.get(heard.seq)
        said = remark.text if remark and (remark.for_resident or not for_resident) else ""
        author = heard.author
        office = f"{author.office} {title_words(author.post)}".strip()
        who = {"staff": office, "resident": _("居民"), "system": _("系统")}[author.kind]
        if author.kind == "staff" and not for_resident:
            who = f"{who} {author.name}"
        label = str(LIFE.moves[heard.move].label) if heard.move in LIFE.moves else heard.move
        if isinstance(heard.fact, MatterSpokenFor):  # Written with the registration, by the same move.
            label = _("代为反映，本人同意")
        lines.append(Happened(heard.seq, heard.at, heard.move, label, who, heard.fact, said, author.kind))
    return lines


def _is_internal(heard: journal.Heard) -> bool:
    """Between officials: a resident is not even told that there is such a thing."""
    return heard.move == LIFE.note.name or (isinstance(heard.fact, MatterAttached) and not heard.fact.for_resident)


NOT_OFFERED = frozenset(
    {
        "unmerge_to_grid", "unmerge_to_triage", "unmerge_to_assigned", "unmerge_to_carried", "verify_part", "put_together", "keep_up", "withdraw_part", "let_go", "go_along",
        "take_in", "rate_along", "reopen_along", "hear_along",
    }
)  # fmt: skip
"""What happens along with another move, or is the same verb ending elsewhere."""
OF_THE_BODY = frozenset(
    (
        "accept",
        "contact",
        "respond",
        "object",
        "ask_extension",
        "extend",
        "refuse_extension",
        "carry",
        "review",
        "take_back",
        "answer",
    )
)
"""Moves of the body that has the matter, whoever else may see it."""


def open_moves(matter: Matter, actor: Actor, told: Container[str] | None = None) -> list[Move]:
    """The moves this actor may make now, in the order of the table; what the page offers. The service decides again.

    `told`: the moves its story tells of, if the caller has read it: what answers another move is looked up only then.
    """
    found = []
    for move in LIFE.open_from(matter.state):
        if not actor.has(move.power) or move.name.endswith(("_for_triage", "_by_phone")) or move.name in NOT_OFFERED:
            continue
        if move.name in ANSWERS and told is not None and ANSWERS[move.name] not in told:
            continue
        if (
            move.name in {"raise_up", "assign", "merge", "unmerge", "ask_approval", "split", "propose_exclusion"}
            and actor.area_level > matter.level
        ):
            continue
        if move.name in OF_THE_BODY and matter.handler_id != actor.body_id:
            continue
        if move.name in ONLY_IF and not ONLY_IF[move.name](matter, actor):
            continue
        if move.power == LIFE.rule.power and actor.area_level > rules.deciding_level(matter.level):
            continue
        found.append(move)
    return found


def may_object(matter: Matter) -> bool:
    """Is it not yet ruled that it is this body's, and was it assigned lately?"""
    return rulings.says_whose(matter) is None and clock.now() <= rulings.may_object_until(matter)


def may_assign(matter: Matter, actor: Actor) -> bool:
    """Not what was ruled on by a level above this one."""
    ruled = rulings.says_whose(matter) if matter.state == State.ASSIGNED else None
    return ruled is None or actor.area_level <= ruled.level


def why_no_extension(matter: Matter) -> str:
    """Why its date cannot be moved, in a sentence; empty if it can: once since its clock began, if counted in days."""
    running = clocks.running(matter.subject, "handle")
    if running is None or running.unit != Unit.WORKING_DAYS:
        return _("这一件按小时计时，不能延期。")
    if any(each.at >= running.started_at for each in journal.last([matter.subject], [LIFE.extend.name])):
        return _("已经延期过一次，不能再延。确实办不了的，可以申请挂账。")
    return ""


def approval_of(matter: Matter) -> Approval | None:
    """The request to send it down off the list that waits, if one does."""
    rows = Approval.objects.filter(matter=matter, decided_at__isnull=True)
    return rows.select_related("body", "by_body").first()


def helpers_of(matter: Matter) -> list[CoHandler]:
    """The supporting bodies, in the order they were asked."""
    return list(CoHandler.objects.filter(matter=matter).select_related("body").order_by("asked_at", "id"))


def _may_approve(matter: Matter, actor: Actor) -> bool:
    asked = approval_of(matter)
    return asked is not None and actor.scope == "area" and actor.area_level <= asked.level


def _may_refuse(matter: Matter, actor: Actor) -> bool:
    asked = approval_of(matter)
    return asked is not None and asked.body_id == actor.body_id


def _may_ask_help(matter: Matter, actor: Actor) -> bool:
    return matter.handler_id == actor.body_id if actor.scope == "body" else actor.area_level <= matter.level


def _may_unmerge(matter: Matter, actor: Actor) -> bool:
    """Is the one it goes along with within reach, and has it not ended?"""
    mains = visible_to(actor).filter(took_in__matter=matter, took_in__ended_at=None, level__gte=actor.area_level)
    return mains.exclude(state__in=ENDED).exists()


ANSWERS = {"approve": "ask_approval", "reject": "ask_approval", "refuse_off_list": "ask_approval", "advise": "ask_help"}
"""Moves that answer another: offered only where that was made."""
ONLY_IF: dict[str, Callable[[Matter, Actor], bool]] = {
    "assign": may_assign,
    "object": lambda matter, _actor: may_object(matter),
    "ask_extension": lambda matter, _actor: not why_no_extension(matter),
    "press": supervision.may_press,
    "withdraw_card": supervision.may_withdraw_card,
    "respond": supervision.may_respond,
    "visit": supervision.may_visit,
    "appeal": supervision.may_appeal,
    "decide_appeal": supervision.may_decide,
    "contact": lambda matter, _actor: matter.visibility != Visibility.ANONYMOUS and matter.contacted_at is None,
    "exclude": exclusions.may_decide,
    "keep": exclusions.may_decide,
    "uphold_exclusion": exclusions.may_look,
    "overturn_exclusion": exclusions.may_look,
    "find_right": lambda matter, _actor: exclusions.sample_of(matter) is not None,
    "find_wrong": lambda matter, _actor: exclusions.stands(matter),
    "find_wrong_late": lambda _matter, _actor: False,
    "unmerge": _may_unmerge,
    "approve": _may_approve,
    "reject": _may_approve,
    "refuse_off_list": _may_refuse,
    "ask_help": _may_ask_help,
    "advise": lambda matter, actor: CoHandler.objects.filter(matter=matter, body_id=actor.body_id or 0).exists(),
    "split": lambda matter, _actor: matter.parent_id is None,
    "merge": lambda matter, _actor: matter.parent_id is None,
    "ask_approval": lambda matter, _actor: matter.level < rules.GRID,
}
"""Moves that depend on what was decided before: a page does not offer what would be refused."""


def objection_to(matter: Matter) -> Objection | None:
    """The objection that waits for a ruling, else the last that was ruled on."""
    rows = Objection.objects.filter(matter=matter).select_related("by_body", "believed", "body")
    return rows.order_by(F("ruled_at").desc(nulls_first=True)).first()


def carried(matter: Matter) -> Carry | None:
    """Why it is carried, who answers for it and when it is looked at again; None if it is not."""
    return Carry.objects.filter(matter=matter, ended_at__isnull=True).select_related("owner").first()


@dataclass(frozen=True)
class ShownContact:
    """The reporter as this actor may see them: masked, unless they have given a purpose today."""

    visibility: str
    name: str
    phone: str
    revealed: bool
    may_reveal: bool
    gone: str = ""
    """Why there is nothing to see, where something was: cleared in time, or sealed under a key that is not here."""


def contact_of(matter: Matter, actor: Actor) -> ShownContact:
    """Masked by default; in clear for the person who wrote down a purpose on the same day."""
    row = Contact.objects.filter(matter_id=matter.parent_id or matter.pk).first()
    hidden = matter.is_report and actor.scope == "body"
    if row is None or hidden:
        cleared = row is None and matter.visibility != Visibility.ANONYMOUS
        gone = _("姓名和联系方式已按期清除，谁也看不到了。") if cleared else ""
        return ShownContact(matter.visibility, "", "", revealed=False, may_reveal=False, gone=gone)
    try:
        name, phone = row.name, row.phone
    except Unreadable as error:
        return ShownContact(matter.visibility, "", "", revealed=False, may_reveal=False, gone=str(error))
    since = clock.now() - timedelta(hours=12)
    looked = (
        actor.person_id is not None
        and Reveal.objects.filter(
            subject=matter.reporter_subject, field="contact", person_id=actor.person_id, at__gte=since
        ).exists()
    )
    if looked:
        return ShownContact(matter.visibility, name, phone, revealed=True, may_reveal=True)
    return ShownContact(
        matter.visibility, masking.mask_name(name), masking.mask_phone(phone), revealed=False,
        may_reveal=actor.has("matters.reveal"),
    )  # fmt: skip


@dataclass(frozen=True)
class Reachable:
    """Where a reporter is told, and in which language; for a gateway that tells them, never for a page."""

    phone: str
    language: str


def reach_of(number: str) -> Reachable | None:
    """The telephone a reporter left to be told by; None if there is none."""
    row = Contact.objects.filter(matter__number=number).first()
    return Reachable(row.phone, row.language) if row is not None and row.phone else None


def last_reach_of(number: str) -> Reachable | None:
    """The same of somebody whose contact was just deleted, only to tell them so."""
    row = LastAddress.objects.filter(erasure__matter__number=number).order_by("-erasure_id").first()
    return Reachable(row.phone, row.language) if row is not None and row.phone else None


def said_to_resident(matter: Matter, seq: int) -> str:
    """What was said to the resident at one entry of the journal: a reply, a reason."""
    return Remark.objects.filter(matter=matter, seq=seq, for_resident=True).values_list("text", flat=True).first() or ""


def looks_at(matter: Matter) -> list[Reveal]:
    """Who looked at the reporter's identity, newest first: the reporter may see this."""
    return list(Reveal.objects.filter(subject=matter.subject).order_by("-at"))


def entries_of(matter: Matter) -> list[Entry]:
    """The journal's own rows about a matter, hashes and all, for whoever may read the journal."""
    return list(Entry.objects.filter(subject=matter.subject).order_by("seq"))


def clocks_of(matter: Matter) -> list[Clock]:
    """Every clock that ran on the matter."""
    return list(Clock.objects.filter(subject=matter.subject).order_by("started_at", "id"))


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


# --- What everybody may see ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PublicMatter:
    """A matter as a neighbour sees it: kind, place, state, date; its title with personal details masked. No reporter, no photo."""

    number: str
    title: str
    category_name: str
    state: str
    place: str
    lon: float | None
    lat: float | None
    due_at: datetime
    overdue: bool
    supporters: int
    body: str
    registered_at: datetime


def nearby(*, lon: float, lat: float, metres: float = 1500, limit: int = 30) -> list[PublicMatter]:
    """Public open matters within a distance, nearest first."""
    spread_lat = metres / 111_000
    spread_lon = metres / 85_000  # At this latitude; a little wide is no harm.
    rows = Matter.objects.filter(
        is_public=True,
        state__in=OPEN,
        lat__range=(lat - spread_lat, lat + spread_lat),
        lon__range=(lon - spread_lon, lon + spread_lon),
    )
    away = (F("lon") - lon) * (F("lon") - lon) + (F("lat") - lat) * (F("lat") - lat)
    return [_public(matter) for matter in _told(rows.order_by(away, "id"))[:limit]]


def _told(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """With no more than what neighbours are told."""
    return rows.select_related("handler").only(
        "number", "title", "shown_title", "shown_place", "category", "state", "place_text", "lon", "lat", "registered_at", "due_at", "supporters", "handler__short_name",
        "city_id", "county_id", "township_id", "community_id", "grid_id",
    )  # fmt: skip


def public_in(area_id: int, *, limit: int = 30) -> list[PublicMatter]:
    """Public open matters of an area, newest first."""
    rows = Matter.objects.filter(within(area_id), is_public=True, state__in=OPEN).order_by("-registered_at")
    return [_public(matter) for matter in _told(rows)[:limit]]


def public_count(area_id: int, *, most: int = 100) -> int:
    """How many public open matters an area has, counted to `most`."""
    return Matter.objects.filter(within(area_id), is_public=True, state__in=OPEN)[:most].count()


@dataclass(frozen=True)
class Worded:
    """A public matter's title and pin, to be compared with what somebody is typing."""

    number: str
    title: str
    point: Point | None


def public_like(
    said: str, *, area_id: int | None = None, around: Point | None = None, metres: float = 300, limit: int = 30
) -> list[Worded]:
    """Public open matters that share a pair of characters with these words, in an area or around a point, newest first.

    Cheap, because every submission asks; how alike they are is for the caller to judge.
    """
    pairs = list(dict.fromkeys(token for token in text.bigrams(said[:200]) if len(token) == 2))
    if not pairs or (area_id is None and around is None):
        return []
    rows = Matter.objects.filter(is_public=True, state__in=OPEN)
    if around is not None:
        lat, lon = metres / 111_000, metres / 85_000
        rows = rows.filter(
            lat__range=(around.lat - lat, around.lat + lat), lon__range=(around.lon - lon, around.lon + lon)
        )
    elif area_id is not None:
        rows = rows.filter(within(area_id))
    query = " | ".join(f"'{pair}'" for pair in pairs)  # Pairs are letters and digits only.
    rows = rows.extra(where=["matters_matter.search @@ to_tsquery('simple', %s)"], params=[query])
    found = rows.order_by("-registered_at").values_list("number", "title", "lon", "lat")[:limit]
    return [
        Worded(number, title, Point(lon, lat) if lon is not None and lat is not None else None)
        for number, title, lon, lat in found
    ]


def public_one(number: str) -> PublicMatter:
    """One public matter, or 404."""
    found = Matter.objects.select_related("handler").filter(number=number, is_public=True).first()
    if found is None:
        raise Http404("没有这件公开的诉求。")
    return _public(found)


def supportable(number: str) -> Matter:
    """The row behind a public matter, for service.support."""
    found = Matter.objects.filter(number=number, is_public=True).first()
    if found is None:
        raise Http404("没有这件公开的诉求。")
    return found


def has_supported(number: str, device: str) -> bool:
    """Has this device said of a public matter: the same here?"""
    return Support.objects.filter(matter__number=number, device=words.device_digest(device)).exists()


def public_title(matter: Matter) -> str:
    """The title as everybody may read it: as an official settled it, else with what the system finds hidden."""
    return matter.shown_title or masking.mask_personal(matter.title)


def public_place(matter: Matter) -> str:
    """The same for where it is."""
    return place_words(matter, wrote=matter.shown_place or masking.mask_personal(matter.place_text))


def personal_in(said: str) -> list[str]:
    """What in a text for a resident seems to be somebody's own: numbers, cards, plates, names. Offices' phones are not."""
    found = [
        (span.kind, said[span.start : span.end]) for span in masking.find_personal(said) if span.kind != "landline"
    ]
    mobiles = {value for kind, value in found if kind == "mobile"}
    offices = set(Body.objects.filter(phone__in=mobiles).values_list("phone", flat=True)) if mobiles else set()
    return [value for kind, value in found if value not in offices]


def _public(matter: Matter) -> PublicMatter:
    category = rulebook.current(Categories).list.find(matter.category)
    return PublicMatter(
        matter.number, public_title(matter), rulebook.label(category) if category else matter.category, matter.state,
        public_place(matter), matter.lon, matter.lat, matter.due_at,
        matter.is_in_hand and matter.due_at < clock.now(), matter.supporters, matter.handler.short_name,
        matter.registered_at,
    )  # fmt: skip


# --- For the rulebook and the operator ----------------------------------------------------------------------------
def open_under(key: str, codes: frozenset[str]) -> rulebook.Affected:
    """Which open matters a changed list would touch, for `linli pack diff`: those of its categories, or all by its limits."""
    rows = Matter.objects.filter(state__in=OPEN)
    if key in {"matters/categories", "matters/routing"}:
        rows = rows.filter(category__in=codes)
    elif key == "matters/limits":
        rows = rows.filter(due_rule__regex=rf"#({'|'.join(sorted(map(re.escape, codes)))})$") if codes else rows.none()
    numbers = tuple(rows.order_by("due_at").values_list("number", flat=True)[:10])
    return rulebook.Affected("在办诉求", rows.count(), numbers)


# --- How a matter looks -------------------------------------------------------------------------------------------
def tone_of(matter: Matter) -> str:
    """Which mark a matter bears: overdue ▲, in hand ◐, waiting ○, done ●, withdrawn ✕ (LOOK)."""
    if matter.is_in_hand and matter.due_at < clock.now():
        return "overdue"
    return TONES[State(matter.state)]


TONES = {
    State.WITH_GRID: "hand", State.TRIAGE: "waiting", State.ASSIGNED: "waiting", State.OBJECTED: "carried", State.EXTENDING: "carried", State.CARRIED: "carried", State.HANDLING: "hand",
    State.ANSWERED: "waiting", State.VERIFIED: "waiting", State.CLOSED: "done", State.WITHDRAWN: "refused",
    State.EXCLUDING: "carried", State.EXCLUDED: "refused", State.SECOND_LOOK: "carried",
    State.ANSWERED: "waiting", State.VERIFIED: "waiting", State.CLOSED: "done", State.WITHDRAWN: "refused", State.MERGED: "carried", State.SPLIT: "hand",
}  # fmt: skip


@dataclass(frozen=True)
class Cited:
    """A rule as a page shows it: the list's title and version, where it can be read, why it is assumed (or empty)."""

    title: str
    url: str
    assumed: str


def cited(rule: str) -> Cited:
    """The rule a matter was decided by, as it was."""
    try:
        ref, code = rulebook.RuleRef.parse(rule)
        held = rulebook.edition(ref).list
    except (ValueError, LookupError):
        return Cited(rule, "", "")
    item = held.find(code)
    title = _("%(title)s（第%(n)s版）") % {"title": rulebook.label(held), "n": ref.version}
    return Cited(title, ref.url(code), rulebook.reason(held, item) if item else "")


def place_words(matter: Matter, *, seen_from: int | None = None, wrote: str | None = None) -> str:
    """Where it is, from the township down (below the reader's own area, for a list of it), and what the resident wrote.

    `wrote`: those words as the reader may see them.
    """
    areas = [territory.area(each) for each in reversed(matter.place_ids)]
    whole = _joined([each.name for each in areas])
    above = set(territory.area(seen_from).lineage) if seen_from else set()
    known = _joined([each.name for each in areas if each.level >= 3 and each.id not in above])
    said = matter.place_text if wrote is None else wrote
    wrote = "" if said in whole else said  # Not the same twice.
    if known and known in wrote:
        return wrote
    return " ".join(part for part in (known, wrote) if part) or whole or _("地点未详")


def _joined(names: list[str]) -> str:
    """Names one after another; a grid that bears its community's name says it once."""
    return "".join(
        name for name, below in zip(names, [*names, ""][1:], strict=True) if not (below and below.startswith(name))
    )


def category_name(matter: Matter) -> str:
    """The category in words."""
    found = rulebook.current(Categories).list.find(matter.category)
    return rulebook.label(found) if found else matter.category
