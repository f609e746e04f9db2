"""登记 — from one sentence to a matter with a number, a body answerable, a rule and a date."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.engines.pictures import Picture
from linli.facts.matters import MatterRegistered, MatterSpokenFor
from linli.kernel import clock, text
from linli.kernel.coordinates import Point
from linli.kernel.identifiers import matter_number
from linli.mechanisms import flow, rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import clocks
from linli.mechanisms.rulebook import city
from linli.work.matters import proposals, rules, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Channel, Consent, Contact, DayBase, Matter, Submission, Visibility
from linli.work.matters.service import clockwork, photos

LONGEST_TITLE = 60
"""Columns; a Chinese character takes two."""


class NeedsPlaceError(ValueError):
    """No place could be made of what was typed: the page asks for the village or street."""


class OutsideCityError(ValueError):
    """The place is not in this city: the page says which county is nearest and whom to ask there."""

    def __init__(self, sentence: str, *, nearest: str, metres: float) -> None:
        """Where the nearest of our counties is."""
        super().__init__(sentence)
        self.nearest = nearest
        self.metres = metres


class SentTwiceError(ValueError):
    """The same form key came with other words: the form must be opened anew."""


@dataclass(frozen=True)
class Behalf:
    """代为反映 — who speaks for the person the report names, what they are to them, how and when that person agreed."""

    speaker: str
    relation: str
    how: str
    agreed_at: datetime
    phone: str = ""


@dataclass(frozen=True)
class Report:
    """What a resident (or somebody for them) says. Every text is cleaned here, whatever page it came through."""

    text: str
    key: str
    """The form's own key: sending it twice makes one matter."""
    channel: str = Channel.PAGE
    area_id: int | None = None
    """The area of a scanned code or a chosen place name."""
    point: Point | None = None
    place_text: str = ""
    visibility: str = Visibility.ANONYMOUS
    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = "zh-hans"
    public: bool = True
    category: str = ""
    """Chosen by a person; empty: linli proposes."""
    foreign_number: str = ""
    """Its number in the system that hands it over (热线工单号): shown, and found by a desk's search."""
    pictures: tuple[Picture, ...] = field(default=())
    behalf: Behalf | None = None
    """Set where somebody else speaks: `name` and `phone` above are then the person's, not the speaker's."""


@dataclass(frozen=True)
class Registered:
    """What the resident is told."""

    matter: Matter
    token: str
    again: bool
    """The form had been sent before; this is the same matter."""


def register(report: Report, *, by: Actor) -> Registered:
    """登记 — route it, start its clock, write it down, all in one transaction.

    Raises NeedsPlaceError, OutsideCityError, SentTwiceError; then nothing is stored and the page keeps what was typed.
    """
    said = text.clean(report.text)
    area_id, point = _place(report, said)
    slots = territory.slots(area_id)
    fingerprint = words.digest("submission", f"{said}\n{area_id}\n{report.phone}")
    try:
        matter = _written(report, said, slots, point, fingerprint, by=by)
    except _SentBefore:
        earlier = _sent_before(report.key, fingerprint)
        return Registered(earlier, words.follow_token(earlier.number), again=True)
    return Registered(matter, words.follow_token(matter.number), again=False)


class _SentBefore(Exception):  # noqa: N818  Not an error: the reason to undo.
    """The form had been sent before; what was written for it now is undone."""


def _written(
    report: Report, said: str, slots: territory.Slots, point: Point | None, fingerprint: str, *, by: Actor
) -> Matter:
    with transaction.atomic():
        proposal = proposals.propose(said, slots=slots, category=report.category)
        level = rules.first_level(
            has_grid=slots.grid_id is not None,
            has_community=slots.community_id is not None,
            has_township=slots.township_id is not None,
            has_worker=slots.grid_id is not None and proposals.has_worker(slots.grid_id),
            risk=proposal.risk,
        )
        handler = proposals.first_receiver(level, slots)
        now = clock.now()
        matter = Matter(
            number=_next_number(now.astimezone(clock.CITY).date()),
            foreign_number=report.foreign_number[:40],
            title=title_of(said),
            text=said,
            category=proposal.category,
            confidence=proposal.confidence,
            risk=proposal.risk,
            channel=report.channel,
            visibility=report.visibility,
            is_public=report.public and proposal.public,
            is_report=proposal.is_report,
            city_id=slots.city_id,
            county_id=slots.county_id,
            township_id=slots.township_id,
            community_id=slots.community_id,
            grid_id=slots.grid_id,
            place_text=text.clean(report.place_text)[:120],
            lon=point.lon if point else None,
            lat=point.lat if point else None,
            level=level,
            handler=handler,
            registered_at=now,
            moved_at=now,
        )
        matter.search = words.tokens(matter)
        move = LIFE.register if level == rules.GRID else LIFE.register_for_triage
        with flow.begin(matter, move, by=by, savepoint=False) as (matter, step):
            limit, rule = proposals.limit_for("handle", category=matter.category, risk=matter.risk)
            due = clocks.start(matter.subject, "handle", limit=limit, rule=rule, at=step.now)
            matter.due_at, matter.due_rule, matter.due_provisional = due.at, rule, due.provisional
            step.record(_fact(matter, said))
            if report.behalf is not None:
                step.record(_spoken_for(matter, report.behalf))
        _take_key(report.key, fingerprint, matter)
        _keep_contact(matter, report)
        if report.behalf is not None:
            _keep_consent(matter, report.behalf)
        photos.keep(matter, report.pictures, at=now, by_resident=by.kind != "staff")
        clockwork.arm(matter, now=now)
    return matter


def _fact(matter: Matter, said: str) -> MatterRegistered:
    return MatterRegistered(
        number=matter.number, channel=matter.channel, category=matter.category, risk=matter.risk, level=matter.level,
        handler=matter.handler_id, city=matter.city_id, county=matter.county_id, township=matter.township_id,
        community=matter.community_id, grid=matter.grid_id, due_at=matter.due_at, rule=matter.due_rule,
        public=matter.is_public, words=words.digest(matter.subject, said),
    )  # fmt: skip


def _spoken_for(matter: Matter, behalf: Behalf) -> MatterSpokenFor:
    """Raises UnknownCodeError for a relation or a way of agreeing that no list has."""
    rulebook.current(rules.Relations).list.item(behalf.relation)
    rulebook.current(rules.Consents).list.item(behalf.how)
    return MatterSpokenFor(matter.number, relation=behalf.relation, how=behalf.how, agreed_at=behalf.agreed_at)


def _keep_consent(matter: Matter, behalf: Behalf) -> None:
    Consent.objects.create(
        matter=matter, speaker=text.clean(behalf.speaker)[:40], phone=behalf.phone[:20], relation=behalf.relation,
        how=behalf.how, agreed_at=behalf.agreed_at, at=matter.registered_at,
    )  # fmt: skip


def _place(report: Report, said: str) -> tuple[int, Point | None]:
    """The area: what was scanned or chosen, else where the pin is, else what the words name.

    A pin inside the chosen area makes it more exact; a pin elsewhere loses to the person's own choice.
    """
    located: int | None = None
    if report.point is not None:
        found = territory.locate(report.point)
        if isinstance(found, territory.Outside):
            if report.area_id is None:
                raise OutsideCityError(
                    _("这个位置不在本市（离%(place)s约 %(km)s 公里）。请换一个位置，或直接写村、小区的名字。")
                    % {"place": found.nearest_name, "km": f"{found.distance_m / 1000:.0f}"},
                    nearest=found.nearest_name, metres=found.distance_m,
                )  # fmt: skip
        else:
            located = found.area_id
    if report.area_id is not None:
        if located is not None and report.area_id in territory.area(located).lineage:
            return located, report.point
        return report.area_id, report.point if located is None else None
    if located is not None:
        return located, report.point
    for wording in (report.place_text, said):
        named = territory.find(text.clean(wording)) if wording else []
        if named and proposals.is_certain(named):
            return named[0].area.id, None
    raise NeedsPlaceError(_("还不知道在哪里。请写上村或小区的名字，最好连镇、街道一起写。"))


def _take_key(key: str, fingerprint: str, matter: Matter) -> None:
    """The form's key is this matter's. A second sender waits here until the first has committed, then is undone."""
    with connection.cursor() as db:
        db.execute(
            "INSERT INTO matters_submission (key, digest, matter_id, at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (key) DO NOTHING",
            [key, fingerprint, matter.pk, matter.registered_at],
        )
        if db.rowcount == 0:
            raise _SentBefore


def _sent_before(key: str, fingerprint: str) -> Matter:
    earlier = Submission.objects.select_related("matter").get(key=key)
    if earlier.digest != fingerprint or earlier.matter is None:
        raise SentTwiceError(_("这张表刚才已经发出过一次，内容不同。请重新打开页面再发，您写的内容可以复制过去。"))
    return earlier.matter


def _next_number(day: date) -> str:
    """The day's next number. From a sequence, so that two residents never wait for each other; a gap is no loss."""
    with connection.cursor() as db:
        db.execute("SELECT nextval('matters_number'), (SELECT base FROM matters_daybase WHERE day = %s)", [day])
        value, base = db.fetchone()
    if base is None:
        DayBase.objects.bulk_create([DayBase(day=day, base=value - 1)], ignore_conflicts=True)
        base = DayBase.objects.values_list("base", flat=True).get(day=day)
    return matter_number(city.head().city.number_prefix, day, max(value - base, 1))


def title_of(said: str) -> str:
    """The first clause of the sentence, at most thirty Chinese characters wide: letters are half as wide."""
    first = said.splitlines()[0] if said else ""
    for mark in "。！？!?；;":
        first = first.split(mark)[0]
    if len(first) <= LONGEST_TITLE // 2 or (len(first) <= LONGEST_TITLE and text.width(first) <= LONGEST_TITLE):
        return first
    short = next(first[:n] for n in range(LONGEST_TITLE - 1, 0, -1) if text.width(first[:n]) <= LONGEST_TITLE - 2)
    words, space, rest = short.rpartition(" ")
    # A word is not cut in two, unless it is nearly all there is.
    return f"{words if space and rest.isascii() and len(words) > len(rest) else short}…"


def _keep_contact(matter: Matter, report: Report) -> None:
    """What the chosen visibility says may be kept, and nothing else."""
    if report.visibility == Visibility.ANONYMOUS:
        return
    Contact.objects.create(
        matter=matter,
        name=text.clean(report.name)[:40] if report.visibility == Visibility.NAMED else "",
        phone=report.phone[:20],
        email=report.email,
        language=report.language,
    )
