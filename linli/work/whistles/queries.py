"""Every read of whistles that is not trivial. All start from visible_to(actor)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import journal, rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Body
from linli.mechanisms.access.words import title_words
from linli.work.whistles import rules
from linli.work.whistles.flow import LIFE, OPEN, State
from linli.work.whistles.models import JointMeeting, Summons, Whistle
from linli.work.whistles.rules import Kinds

THEIRS = {"acknowledge", "arrive", "explain", "report", "judge"}
"""What a called body does."""


def visible_to(actor: Actor) -> QuerySet[Whistle]:
    """The whistles of the actor's area, from the township up; and those that call, or were sounded by, the actor's body."""
    rows = Whistle.objects.all()
    if actor.kind == "system":
        return rows
    if actor.kind != "staff" or not actor.has("whistles.read"):
        return rows.none()
    if actor.scope == "area":
        reach = {1: Q(), 2: Q(county_id=actor.area_id), 3: Q(township_id=actor.area_id)}.get(actor.area_level)
        return rows.none() if reach is None else rows.filter(reach)
    if actor.scope == "body" and actor.body_id is not None:
        calling = Summons.objects.filter(body_id=actor.body_id).values("whistle_id")
        return rows.filter(Q(caller_id=actor.body_id) | Q(pk__in=calling))
    return rows.none()


def get(actor: Actor, number: str) -> Whistle:
    """One whistle, or 404: outside an actor's reach even its existence is not disclosed."""
    found = visible_to(actor).select_related("caller", "area").filter(number=number).first()
    if found is None:
        raise Http404("没有这次吹哨，或不在您的管辖范围内。")
    return found


def among(actor: Actor, numbers: Iterable[str]) -> dict[str, Whistle]:
    """Those of these whistles the actor may read, by number: for a list another app made of numbers alone."""
    rows = visible_to(actor).select_related("caller", "area").filter(number__in=list(numbers))
    return {each.number: each for each in rows}


def called_by(whistle: Whistle) -> list[Summons]:
    """A row for each called body, in the order they were called."""
    rows = Summons.objects.filter(whistle=whistle).select_related("body", "acknowledged_person", "arrived_person")
    return list(rows.order_by("id"))


def listed(actor: Actor, view: str, *, limit: int = 100) -> list[Whistle]:
    """The newest within reach: `open` where somebody is waited for, `judge` where ratings are missing, or all."""
    rows = visible_to(actor).select_related("caller")
    if view == "open":
        rows = rows.filter(state__in=OPEN)
    elif view == "judge":
        rows = rows.filter(state=State.DONE)
    return list(rows.prefetch_related("called__body").order_by("-sounded_at", "-id")[:limit])


def whole(actor: Actor, view: str) -> QuerySet[Summons]:
    """The same list without an end, a row for each called body: for a table that is taken out."""
    heard = visible_to(actor)
    if view == "open":
        heard = heard.filter(state__in=OPEN)
    elif view == "judge":
        heard = heard.filter(state=State.DONE)
    rows = Summons.objects.filter(whistle__in=heard).select_related("whistle__caller", "whistle__area", "body")
    return rows.order_by("-whistle__sounded_at", "id")


def callable_at(area_id: int, *, by: Actor) -> list[Body]:
    """Whom a whistle at this place may call: bodies that cover it, above the communities, with somebody who can answer."""
    lineage = territory.area(area_id).lineage
    found = (
        Body.objects.filter(area_id__in=lineage, level__lt=rules.COMMUNITY, valid_to__isnull=True)
        .exclude(pk=by.body_id or 0)
        .order_by("-level", "name")
    )
    bodies = list(found)
    staffed = access.people_of("whistles.acknowledge", body_ids=[body.pk for body in bodies])
    return [body for body in bodies if staffed.get(body.pk)]


def places_of(actor: Actor) -> list[territory.Node]:
    """Where a township may whistle: itself, and its villages and communities."""
    if actor.area_id is None:
        return []
    return [territory.area(actor.area_id), *territory.children(actor.area_id)]


def own_summons(whistle: Whistle, actor: Actor) -> Summons | None:
    """The row of the actor's own body, if it is called."""
    if actor.scope != "body" or actor.body_id is None:
        return None
    return Summons.objects.select_related("body").filter(whistle=whistle, body_id=actor.body_id).first()


def open_verbs(whistle: Whistle, actor: Actor) -> set[str]:
    """What this actor may do now; what the page offers. The service decides again."""
    own = own_summons(whistle, actor)
    verbs = {
        move.name for move in LIFE.open_from(whistle.state) if actor.has(move.power) and not move.name.endswith("_last")
    }
    verbs -= {"escalate"}
    if own is None:
        verbs -= THEIRS
    else:
        if own.arrived_at is not None:
            verbs -= {"acknowledge", "arrive", "explain"}
        if own.acknowledged_at is not None:
            verbs -= {"acknowledge"}
        if own.justified is not None:
            verbs -= {"judge"}
    if actor.body_id != whistle.caller_id:
        verbs &= THEIRS
    if "agree" in verbs and not Summons.objects.filter(whistle=whistle, arrived_at__isnull=False).exists():
        verbs -= {"agree"}
    if "rate" in verbs and not Summons.objects.filter(whistle=whistle, score__isnull=True).exists():
        verbs -= {"rate"}
    return verbs


def waits_for_last(whistle: Whistle, *, side: str) -> bool:
    """Has the other side said all, so that this word ends it? side: `rate` the township's, `judge` one body's."""
    rows = Summons.objects.filter(whistle=whistle)
    if side == "rate":
        return not rows.filter(justified__isnull=True).exists()
    return not rows.filter(score__isnull=True).exists() and rows.filter(justified__isnull=True).count() == 1


# --- Joint meetings -----------------------------------------------------------------------------------------------
def meetings_visible_to(actor: Actor) -> QuerySet[JointMeeting]:
    """The meetings of the actor's area, from the township up; and those the actor's body convened or is invited to."""
    rows = JointMeeting.objects.all()
    if actor.kind == "system":
        return rows
    if actor.kind != "staff" or not actor.has("whistles.read"):
        return rows.none()
    if actor.scope == "area":
        reach = {1: Q(), 2: Q(county_id=actor.area_id), 3: Q(township_id=actor.area_id)}.get(actor.area_level)
        return rows.none() if reach is None else rows.filter(reach)
    if actor.scope == "body" and actor.body_id is not None:
        asked = JointMeeting.invited.through.objects.filter(body_id=actor.body_id).values("jointmeeting_id")
        return rows.filter(Q(convener_id=actor.body_id) | Q(pk__in=asked))
    return rows.none()


def meeting(actor: Actor, number: str) -> JointMeeting:
    """One meeting, or 404."""
    found = meetings_visible_to(actor).select_related("convener", "area", "whistle").filter(number=number).first()
    if found is None:
        raise Http404("没有这次会议，或不在您的管辖范围内。")
    return found


def meetings(actor: Actor, *, limit: int = 100) -> list[JointMeeting]:
    """The newest within reach."""
    return list(meetings_visible_to(actor).select_related("convener").order_by("-starts_at", "-id")[:limit])


def invitable_at(area_id: int, *, by: Actor) -> list[Body]:
    """Whom a meeting about this place may ask: bodies that cover it, and those right below it. Not the convener."""
    areas = [*territory.area(area_id).lineage, *(each.id for each in territory.children(area_id))]
    found = Body.objects.filter(area_id__in=areas, valid_to__isnull=True).exclude(pk=by.body_id or 0)
    return list(found.order_by("-level", "name"))


def reached(bodies: Iterable[Body]) -> set[int]:
    """Those of the bodies where somebody will see an invitation here; the others must be told by telephone."""
    found = access.people_of("whistles.read", body_ids=[body.pk for body in bodies])
    return {body for body, people in found.items() if people}


# --- How it looks -------------------------------------------------------------------------------------------------
def kind_words(code: str) -> str:
    """The kind in words."""
    found = rulebook.current(Kinds).list.find(code)
    return rulebook.label(found) if found else code


def place_words(whistle: Whistle) -> str:
    """The area, and the words about it."""
    return f"{whistle.area.name} {whistle.place_text}".strip()


@dataclass(frozen=True)
class Standing:
    """How far a called body is: a mark and a word."""

    tone: str
    word: str


def standing(called: Summons, *, is_open: bool, now: datetime) -> Standing:
    """收到没有、到了没有 — late is said whatever came later."""
    if called.arrived_at is not None:
        late = called.minutes_late
        if late:
            return Standing("carried", _("晚到%(n)s分钟") % {"n": late})
        return Standing("done", _("按时到场"))
    owed = called.owed(now) if is_open else ""
    if owed:
        return Standing("overdue", _("没有回应") if owed == "silence" else _("没有按时到场"))
    if called.acknowledged_at is not None:
        return Standing("hand", _("已收到，还没到")) if is_open else Standing("refused", _("没有到场"))
    return Standing("waiting", _("等待回应")) if is_open else Standing("refused", _("没有回应"))


@dataclass(frozen=True)
class Happened:
    """One line of the story: what, when, who by office, which called body it concerns."""

    at: datetime
    move: str
    label: str
    who: str
    about: str


def story(whistle: Whistle, called: Iterable[Summons]) -> list[Happened]:
    """The journal of a whistle as a person reads it."""
    names = {each.body_id: each.body.short_name for each in called}
    lines = []
    for heard in journal.history(whistle.subject):
        author = heard.author
        office = " ".join(part for part in (author.office, title_words(author.post), author.name) if part)
        who = _("系统") if author.kind == "system" else office
        move = LIFE.moves.get(heard.move)
        about = names.get(getattr(heard.fact, "body", 0), "") if author.kind == "system" else ""
        lines.append(Happened(heard.at, heard.move, str(move.label) if move else heard.move, who, about))
    return lines


# --- By month -----------------------------------------------------------------------------------------------------
@dataclass
class Tally:
    """What was counted of some summonses. Every share has its n beside it."""

    name: str
    whistles: int = 0
    called: int = 0
    acknowledged_in_time: int = 0
    arrived_in_time: int = 0
    escalated: int = 0
    unanswered: int = 0
    rated: int = 0
    scores: int = 0
    judged: int = 0
    justified: int = 0

    def count(self, each: Summons, now: datetime) -> None:
        """One summons more."""
        self.called += 1
        answered = min((at for at in (each.acknowledged_at, each.arrived_at) if at is not None), default=None)
        self.acknowledged_in_time += answered is not None and answered <= each.acknowledge_by
        self.arrived_in_time += each.arrived_at is not None and each.arrived_at <= each.arrive_by
        self.escalated += each.escalated_at is not None
        self.unanswered += answered is None and each.acknowledge_by < min(now, each.whistle.ended_at or now)
        if each.score is not None:
            self.rated += 1
            self.scores += each.score
        if each.justified is not None:
            self.judged += 1
            self.justified += each.justified

    @property
    def comparable(self) -> bool:
        """Are there enough to show rates beside others?"""
        return self.called >= rules.FEWEST_TO_COMPARE

    @property
    def acknowledged_share(self) -> float | None:
        """Acknowledged in time, of the called."""
        return self.acknowledged_in_time / self.called if self.called else None

    @property
    def arrived_share(self) -> float | None:
        """On the spot in time, of the called."""
        return self.arrived_in_time / self.called if self.called else None

    @property
    def score(self) -> float | None:
        """The mean of the township's ratings."""
        return self.scores / self.rated if self.rated else None

    @property
    def justified_share(self) -> float | None:
        """Whistles that the called bodies found justified, of those judged."""
        return self.justified / self.judged if self.judged else None


@dataclass(frozen=True)
class Statistics:
    """吹哨统计 — by month, newest first; and by body, in the order of names, never by rank."""

    months: list[Tally]
    bodies: list[Tally]


def statistics(actor: Actor, *, months: int = 12) -> Statistics:
    """Within the actor's reach, for the last months. A body without enough calls has its counts, not its rates."""
    now = clock.now()
    first = _month_before(now.astimezone(clock.CITY), months - 1)
    rows = visible_to(actor).filter(sounded_at__gte=first)
    by_month: dict[str, Tally] = {}
    by_body: dict[int, Tally] = {}
    for sounded_at in rows.values_list("sounded_at", flat=True):
        _of(by_month, f"{sounded_at.astimezone(clock.CITY):%Y-%m}").whistles += 1
    called = Summons.objects.filter(whistle__in=rows).select_related("whistle", "body")
    if actor.scope == "body":
        called = called.filter(Q(body_id=actor.body_id) | Q(whistle__caller_id=actor.body_id))
    for each in called.order_by("body__level", "body__name"):
        _of(by_month, f"{each.whistle.sounded_at.astimezone(clock.CITY):%Y-%m}").count(each, now)
        by_body.setdefault(each.body_id, Tally(each.body.short_name)).count(each, now)
    return Statistics(sorted(by_month.values(), key=lambda tally: tally.name, reverse=True), list(by_body.values()))


def _of(tallies: dict[str, Tally], name: str) -> Tally:
    return tallies.setdefault(name, Tally(name))


def _month_before(moment: datetime, n: int) -> datetime:
    """The beginning of the month so many months before."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - n, 12)
    return moment.replace(year=years, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
