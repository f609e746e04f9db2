"""A city's months of matters, written in bulk: a demo that lives, and benchmarks' ten thousand and million.

Every matter is a small story told by the same rules as service: the same lists, limits, calendar, levels and bodies.
tests/test_demo_is_like_service.py walks one story through both and compares the rows.
"""

import bisect
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db import connection, transaction

from linli.facts import matters as facts
from linli.kernel import clock
from linli.kernel.calendar import Due, Limit
from linli.kernel.identifiers import matter_number
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access.models import Appointment, Body
from linli.mechanisms.flow.models import Clock, Timer
from linli.mechanisms.journal import Author, Heard
from linli.mechanisms.journal.bulk import Past, copy_chains
from linli.mechanisms.rulebook import city
from linli.mechanisms.territory.models import Geometry
from linli.mechanisms.territory.service import copy_rows
from linli.work.matters import proposals, rules, words
from linli.work.matters.flow import State
from linli.work.matters.models import Contact, DayBase, Matter, Remark
from linli.work.matters.rules import Categories, Category, Outcomes, RaiseReasons, Routing
from linli.work.matters.service import clockwork
from linli.work.matters.service.registering import title_of

RESIDENT = Author("resident")
SYSTEM = Author("system", None, "timers", "", "")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
TRIED = {
    "no-power": "劝过两回，还是照旧，我们没有权处罚。",
    "no-means": "上门看过，村里没有工具，也没有这笔钱。",
    "cross-unit": "联系过物业，说要和电力、城管一起办。",
    "risk-rose": "找电工看过，线皮破了，怕电着人。",
    "resident-objects": "两家坐下谈过一回，有一家不同意。",
}
"""Why a level below could not, and what it had tried; of these the reasons that the city's list has."""
REPLIES = (
    "已安排人处理完毕，您再看看。",
    "今天上午已修好。",
    "已清理干净，以后每天巡一遍。",
    "已和对方说好，明天起不再占道。",
    "已向您电话说明，费用按规定退。",
)
OTHERWISE = {
    "partly": "先把最要紧的一段办了，剩下的排在下个月。",
    "explained-policy": "按现行政策办不了，已当面说明依据。",
    "explained-later": "列进了明年的改造计划，预计六月前动工。",
    "redirected": "这件事依法归法院管，已告诉您怎么起诉、打哪个电话。",
    "not-found": "去看了两次，没有看到您说的情况。",
    "unreachable": "换着时间打了三次电话，都没有人接。",
}
"""What comes of one matter in nine, and what the resident is told; of these the outcomes that the city's list has."""
NOT_YET = ("昨晚又坏了。", "只弄了一半。", "没人来过。")


@dataclass(frozen=True, slots=True)
class Spot:
    """A grid as stories need it."""

    slots: territory.Slots
    name: str
    lon: float
    lat: float
    place_ids: tuple[int, ...]


class Stage:
    """Everything stories are told with, read once."""

    def __init__(self) -> None:
        """Read the lists, the grids, the bodies and who works where."""
        self.categories: Sequence[Category] = [c for c in rulebook.current(Categories).list.items if c.examples]
        raised, outcomes = rulebook.current(RaiseReasons).list, rulebook.current(Outcomes).list
        self.raised_for = [code for code in TRIED if raised.find(code)] or [raised.items[0].code]
        self.otherwise = [code for code in OTHERWISE if outcomes.find(code)]
        self.calendar = rulebook.working_calendar()
        self.prefix = city.head().city.number_prefix
        self.limits: dict[tuple[str, str, int], tuple[Limit, str]] = {}
        self.bodies = {body.pk: body for body in Body.objects.all()}
        self.by_function: dict[tuple[str, int], Body] = {
            (function, body.area_id): body for body in self.bodies.values() for function in body.functions
        }
        self.desks: dict[tuple[int, str], Author] = {}
        for each in Appointment.objects.select_related("person", "post__body"):
            author = Author("staff", each.person_id, each.post.title, each.post.body.short_name, each.person.name)
            self.desks.setdefault((each.post.area_id, each.post.kind), author)
            self.desks.setdefault((-each.post.body_id, each.post.kind), author)

    @cached_property
    def spots(self) -> list[Spot]:
        """Every grid that has a shape, in order of code."""
        labels = {
            a: (x, y)
            for a, x, y in Geometry.objects.filter(replaced_at=None).values_list("area_id", "label_lon", "label_lat")
        }
        found = []
        for grid in territory.areas(5):
            slots = territory.slots(grid.id)
            lon, lat = labels.get(grid.id, (None, None))
            if lon is None or lat is None:
                continue
            ids = tuple(i for i in reversed(slots) if i is not None)
            found.append(Spot(slots, grid.full_name, lon, lat, ids))
        return found

    def limit(self, name: str, category: str, risk: int) -> tuple[Limit, str]:
        """As proposals.limit_for, remembered."""
        key = (name, category, risk)
        found = self.limits.get(key)
        if found is None:
            found = self.limits[key] = proposals.limit_for(name, category=category, risk=risk)  # type: ignore[arg-type]
        return found

    def body(self, function: str, place_ids: Sequence[int]) -> Body | None:
        """As access.body_for: the most specific place that has one."""
        return next((body for area in place_ids if (body := self.by_function.get((function, area)))), None)

    def risk_of(self, category: Category) -> int:
        """The rank of a category's own risk."""
        return proposals.rank_of(category.risk)


@dataclass(slots=True)
class Ticking:
    """A clock's row, without what a model carries about with it."""

    subject: str
    name: str
    amount: int
    unit: str
    rule: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    stopped_at: datetime | None = None


@dataclass(slots=True)
class Story:
    """One matter as it stands at `until`, and how it came there."""

    matter: Matter
    past: list[Past] = field(default_factory=list)
    clocks: list[Ticking] = field(default_factory=list)
    timers: list[tuple[str, datetime]] = field(default_factory=list)
    remarks: list[tuple[int, str, str, bool, datetime]] = field(default_factory=list)
    contact: tuple[str, str] | None = None


class Teller:
    """Tells one story: what happens next, until it is over or it is now."""

    clock_started: datetime
    rate_by: datetime
    reminded: bool

    def __init__(
        self, stage: Stage, rng: random.Random, *, number: str, at: datetime, until: datetime, spot: Spot | None = None
    ) -> None:
        """`at`: when the resident speaks; nothing after `until` has happened yet."""
        self.stage, self.rng, self.until, self.at = stage, rng, until, at
        self.spot = spot or rng.choice(stage.spots)
        self.category = rng.choice(stage.categories)
        said = rng.choice(self.category.examples)
        risk = stage.risk_of(self.category)
        committee = stage.body(proposals.COMMITTEE, self.spot.place_ids)
        if committee is None:
            raise proposals.NobodyAnswersError(self.spot.name)
        s = self.spot.slots
        level = rules.first_level(has_grid=True, has_community=True, has_township=True, has_worker=True, risk=risk)
        first = committee if level == rules.GRID else proposals_receiver(stage, level, self.spot)
        matter = Matter(
            number=number, title=title_of(said), text=said, category=self.category.code, confidence=round(rng.uniform(0.6, 0.99), 2),
            risk=risk, channel=rng.choices(("page", "qr", "phone", "counter", "grid"), (35, 25, 20, 5, 15))[0],
            visibility=rng.choices(("named", "pseudonym", "anonymous"), (40, 25, 35))[0], is_public=self.category.public and rng.random() < 0.8,
            is_report=self.category.is_report, city_id=s.city_id, county_id=s.county_id, township_id=s.township_id,
            community_id=s.community_id, grid_id=s.grid_id, place_text=self.spot.name,
            lon=self.spot.lon + rng.uniform(-0.001, 0.001), lat=self.spot.lat + rng.uniform(-0.001, 0.001),
            level=level, handler=first, registered_at=at, moved_at=at,
            state=State.WITH_GRID if level == rules.GRID else State.TRIAGE,
        )  # fmt: skip
        self.story = Story(matter)
        if matter.visibility != "anonymous":
            self.story.contact = (
                rng.choice(SURNAMES) + rng.choice(("先生", "女士", "阿姨")),
                f"1{rng.choice('3578')}{rng.randrange(10**8, 10**9)}",
            )
        self._start("handle", at)
        digest = words.digest(matter.subject, said)
        self._tell(
            "register" if level == rules.GRID else "register_for_triage",
            facts.MatterRegistered(
                number, matter.channel, matter.category, risk, matter.level, first.pk, s.city_id, s.county_id, s.township_id,
                s.community_id, s.grid_id, matter.due_at, matter.due_rule, matter.is_public, digest,
            ),
            RESIDENT,
        )  # fmt: skip

    # Time passes --------------------------------------------------------------------------------------------------
    def wait(self, hours: float) -> bool:
        """Let about so many hours pass; False when that is after `until`: the story stops here."""
        at = self.at + timedelta(hours=max(self.rng.expovariate(1 / hours), 0.05))
        if at.hour < 8:
            at = at.replace(hour=8, minute=self.rng.randrange(60))
        if at > self.until:
            return False
        self._fire(before=at)
        self.at = at
        return True

    def _fire(self, *, before: datetime) -> None:
        """What the timers did meanwhile."""
        matter = self.story.matter
        remind_at = matter.due_at - (matter.due_at - self.clock_started) / 4
        if matter.is_in_hand and not self.reminded and remind_at < before:
            self.reminded = True
            reminded = facts.MatterReminded(matter.number, matter.handler_id, matter.due_at)
            self.story.past.append(Past(remind_at, "remind", reminded, SYSTEM))
        if matter.is_in_hand and not matter.overdue and matter.due_at + timedelta(seconds=1) < before:
            matter.overdue = True
            fact = facts.MatterOverdue(matter.number, matter.handler_id, matter.level, matter.due_at)
            self.story.past.append(Past(matter.due_at + timedelta(seconds=1), "mark_overdue", fact, SYSTEM))

    def end(self) -> Story:
        """It is now: mark what is overdue, set the timers that are still to come."""
        self._fire(before=self.until)
        story, matter = self.story, self.story.matter
        matter.version = len(story.past)
        armed: list[tuple[str, datetime]] = []
        if matter.is_in_hand:
            lead = (matter.due_at - self.clock_started) / 4
            armed = [
                (clockwork.REMIND, matter.due_at - lead),
                (clockwork.OVERDUE, matter.due_at + timedelta(seconds=1)),
            ]
        elif matter.state == State.VERIFIED:
            armed = [(clockwork.LAPSE, self.rate_by)]
        story.timers = [(kind, at) for kind, at in armed if at > self.until]
        return story

    # What people do -----------------------------------------------------------------------------------------------
    def settle(self) -> None:
        """当场解决."""
        who = self._desk(self.spot.slots.grid_id, "grid_worker")
        self._answered("settle", who, "solved", self.rng.choice(REPLIES), on_spot=True)

    def raise_up(self, who: Author) -> None:
        """上报."""
        matter, reason = self.story.matter, self.rng.choice(self.stage.raised_for)
        said = TRIED.get(reason, next(iter(TRIED.values())))
        below = matter.level
        matter.level, matter.state, matter.moved_at = below - 1, State.TRIAGE, self.at
        matter.handler = proposals_receiver(self.stage, matter.level, self.spot)
        self._say("raise_up", said, for_resident=False)
        digest = words.digest(matter.subject, said)
        fact = facts.MatterRaised(matter.number, below, matter.level, reason, matter.handler_id, digest)
        self._tell("raise_up", fact, who)

    def assign(self, body: Body, who: Author, *, proposed: bool) -> None:
        """派单."""
        matter = self.story.matter
        matter.handler, matter.state, matter.moved_at = body, State.ASSIGNED, self.at
        accept, rule = self._start("accept", self.at)
        self._tell(
            "assign",
            facts.MatterAssigned(
                matter.number, matter.level, body.pk, body.short_name, matter.category, accept.at, matter.due_at, rule, proposed,
                "" if proposed else "other",
            ),
            who,
        )  # fmt: skip

    def accept(self, who: Author) -> None:
        """受理."""
        matter = self.story.matter
        matter.state, matter.moved_at = State.HANDLING, self.at
        running = self._stop("accept")
        self._tell(
            "accept",
            facts.MatterAccepted(matter.number, matter.handler_id, running is None or self.at <= running.due_at),
            who,
        )

    def answer(self, who: Author) -> None:
        """答复 — solved, or why not."""
        outcome = (
            self.rng.choice(self.stage.otherwise) if self.stage.otherwise and self.rng.random() < 1 / 9 else "solved"
        )
        said = self.rng.choice(REPLIES) if outcome == "solved" else OTHERWISE[outcome]
        self._answered("answer", who, outcome, said, on_spot=False)

    def _answered(self, move: str, who: Author, outcome: str, said: str, *, on_spot: bool) -> None:
        matter = self.story.matter
        in_time = self.at <= matter.due_at
        matter.outcome, matter.reply, matter.settled_on_spot = outcome, said, on_spot
        matter.answered_at = matter.moved_at = self.at
        matter.state = State.ANSWERED
        self._stop("handle")
        self._start("verify", self.at)
        self._say(move, said, for_resident=True)
        digest = words.digest(matter.subject, said)
        if on_spot:
            self._tell(move, facts.MatterSettled(matter.number, outcome, digest), who)
        else:
            self._tell(move, facts.MatterAnswered(matter.number, matter.handler_id, outcome, in_time, digest), who)

    def verify(self, who: Author) -> None:
        """核实."""
        matter = self.story.matter
        matter.state, matter.moved_at = State.VERIFIED, self.at
        self._stop("verify")
        limit, _ = self.stage.limit("rate", matter.category, matter.risk)
        self.rate_by = self.stage.calendar.due(self.at, limit).at
        self._tell("verify", facts.MatterVerified(matter.number, self.rate_by), who)

    def rate(self) -> None:
        """评价."""
        matter = self.story.matter
        grade = self.rng.choices((5, 4, 3, 2, 1), (45, 32, 14, 6, 3))[0]
        matter.state, matter.solved, matter.satisfaction = State.CLOSED, True, grade
        matter.ended_at = matter.moved_at = self.at
        self._stop("verify")
        level = rules.GRID if matter.settled_on_spot else matter.level
        self._tell("rate", facts.MatterRated(matter.number, grade, level, ""), RESIDENT)

    def lapse(self) -> None:
        """逾期未评."""
        matter = self.story.matter
        self.at = self.rate_by
        matter.state, matter.ended_at, matter.moved_at = State.CLOSED, self.at, self.at
        self._tell("lapse", facts.MatterLapsed(matter.number, matter.level), SYSTEM)

    def reopen(self) -> None:
        """没解决."""
        matter, said = self.story.matter, self.rng.choice(NOT_YET)
        matter.state = State.TRIAGE if matter.settled_on_spot else State.HANDLING
        move = "reopen_for_triage" if matter.settled_on_spot else "reopen"
        if matter.settled_on_spot:
            matter.level = rules.COMMUNITY
        matter.solved, matter.satisfaction, matter.reopened = False, None, matter.reopened + 1
        matter.overdue, matter.ended_at, matter.moved_at = False, None, self.at
        self._stop("verify")
        self._start("handle", self.at)
        self._say(move, said, for_resident=True)
        digest = words.digest(matter.subject, said)
        self._tell(
            move, facts.MatterReopened(matter.number, matter.level, matter.reopened, matter.due_at, digest), RESIDENT
        )

    def withdraw(self) -> None:
        """撤回."""
        matter = self.story.matter
        matter.state, matter.ended_at, matter.moved_at = State.WITHDRAWN, self.at, self.at
        for name in ("handle", "accept"):
            self._stop(name)
        self._tell("withdraw", facts.MatterWithdrawn(matter.number, ""), RESIDENT)

    # The books ----------------------------------------------------------------------------------------------------
    def _tell(self, move: str, fact: Any, who: Author) -> None:
        self.story.past.append(Past(self.at, move, fact, who))

    def _say(self, move: str, said: str, *, for_resident: bool) -> None:
        self.story.remarks.append((len(self.story.past) + 1, move, said, for_resident, self.at))

    def _start(self, name: str, at: datetime) -> tuple[Due, str]:
        matter = self.story.matter
        limit, rule = self.stage.limit(name, matter.category, matter.risk)
        due = self.stage.calendar.due(at, limit)
        if name == "handle":
            matter.due_at, matter.due_rule, matter.due_provisional = due.at, rule, due.provisional
            self.clock_started = at
            self.reminded = False
        self.story.clocks.append(
            Ticking(
                subject=matter.subject, name=name, amount=limit.amount, unit=limit.unit, rule=rule, started_at=at, due_at=due.at,
                provisional=due.provisional,
            )
        )  # fmt: skip
        return due, rule

    def _stop(self, name: str) -> Ticking | None:
        for each in self.story.clocks:
            if each.name == name and each.stopped_at is None:
                each.stopped_at = self.at
                return each
        return None

    def _desk(self, area_id: int | None, kind: str) -> Author:
        return self.stage.desks[area_id or 0, kind]


def proposals_receiver(stage: Stage, level: int, spot: Spot) -> Body:
    """As proposals.first_receiver, from what is remembered."""
    slots = spot.slots
    area = {
        rules.COMMUNITY: slots.community_id,
        rules.TOWNSHIP: slots.township_id,
        rules.COUNTY: slots.county_id,
        rules.CITY: slots.city_id,
    }[level]
    function = proposals.COMMITTEE if level == rules.COMMUNITY else proposals.DESK
    return stage.by_function[function, area or 0]


def tell(
    stage: Stage, rng: random.Random, *, number: str, at: datetime, until: datetime, spot: Spot | None = None
) -> Story:
    """One matter's story, from the sentence to now."""
    teller = Teller(stage, rng, number=number, at=at, until=until, spot=spot)
    _live(teller, rng)
    return teller.end()


def _live(t: Teller, rng: random.Random) -> None:
    stage, spot = t.stage, t.spot
    slow = 8.0 if rng.random() < 0.04 else 1.0
    if rng.random() < 0.03:
        if t.wait(10):
            t.withdraw()
        return
    if not t.wait(5 * slow):
        return
    worker = t._desk(spot.slots.grid_id, "grid_worker")  # noqa: SLF001  The teller's own module.
    if t.story.matter.state == State.TRIAGE:
        if not _through_desks(t, rng, slow / 10):
            return
    elif t.category.solvable_at == "grid" or rng.random() < 0.35:
        t.settle()
    else:
        t.raise_up(worker)
        if not _through_desks(t, rng, slow):
            return
    while True:
        if not t.wait(9):
            return
        verifier = t._desk(spot.slots.community_id, "community_secretary") if t.story.matter.settled_on_spot else worker  # noqa: SLF001
        t.verify(verifier)
        fate = rng.random()
        back, yes = (
            (0.08, 0.70) if t.story.matter.outcome == "solved" else (0.25, 0.45)
        )  # What was not done is not praised.
        if fate < back and t.story.matter.reopened < 2:
            if not t.wait(20):
                return
            t.reopen()
            if t.story.matter.state == State.TRIAGE and not _through_desks(t, rng, slow):
                return
            if t.story.matter.state == State.HANDLING:
                if not t.wait(20 * slow):
                    return
                t.answer(_handler(stage, t.story.matter.handler))
            continue
        if fate < yes:
            if t.wait(30):
                t.rate()
        elif t.rate_by <= t.until:
            t.lapse()
        return


def _through_desks(t: Teller, rng: random.Random, slow: float) -> bool:
    """From a community's desk up to whoever can, and through their hands to an answer. False: it is now."""
    stage, spot, matter = t.stage, t.spot, t.story.matter
    if not t.wait(4 * slow):
        return False
    secretary = t._desk(spot.slots.community_id, "community_secretary")  # noqa: SLF001
    who = secretary
    body: Body | None
    if matter.level == rules.COMMUNITY and t.category.solvable_at in {"grid", "community"}:
        body = stage.by_function[proposals.COMMITTEE, spot.slots.community_id or 0]
    else:
        if matter.level == rules.COMMUNITY:
            t.raise_up(secretary)
            if not t.wait(3 * slow):
                return False
        who = t._desk(spot.slots.township_id, "township_dispatcher")  # noqa: SLF001
        proposal = proposed_body(stage, matter)
        if proposal is None or (proposal.level < rules.TOWNSHIP and rng.random() < 0.3):
            t.raise_up(who)
            if not t.wait(4 * slow):
                return False
            who = t._desk(spot.slots.county_id, "county_dispatcher")  # noqa: SLF001
            proposal = proposed_body(stage, matter)
        body = proposal
    if body is None:
        return False
    t.assign(body, who, proposed=True)
    if not t.wait(5 * slow):
        return False
    handler = _handler(stage, body)
    t.accept(handler)
    if not t.wait(26 * slow):
        return False
    t.answer(handler)
    return True


def proposed_body(stage: Stage, matter: Matter) -> Body | None:
    """As proposals.propose_body, from what is remembered."""
    edition = rulebook.current(Routing)
    tried = matter.level
    while tried >= rules.CITY:
        found = edition.list.function_for(matter.category, tried)
        if found is None:
            return None
        function, tried = found
        body = stage.body(function, matter.place_ids)
        if body is not None:
            return body
        tried -= 1
    return None


def _handler(stage: Stage, body: Body) -> Author:
    for kind in (
        "department_handler",
        "community_clerk",
        "township_dispatcher",
        "county_dispatcher",
        "city_dispatcher",
    ):
        found = stage.desks.get((-body.pk, kind))
        if found is not None:
            return found
    raise LookupError(f"nobody works at {body}")


# --- When residents speak -----------------------------------------------------------------------------------------
HOURS = [1, 1, 1, 1, 1, 2, 6, 18, 40, 55, 50, 40, 22, 22, 40, 50, 45, 38, 28, 24, 22, 14, 7, 3]
"""How a day's matters spread over its hours (`domain.md` 14, est.): mornings and afternoons heavy, a fifth in the evening."""


def moments(count: int, *, since: date, until: datetime, seed: str) -> list[datetime]:
    """When `count` residents speak, in order: weekends six tenths of a weekday."""
    rng = random.Random(seed)
    days = [since + timedelta(days=n) for n in range((until.astimezone(clock.CITY).date() - since).days + 1)]
    weights = [0.6 if day.weekday() >= 5 else 1.0 for day in days]
    cumulated: list[float] = []
    for weight in weights:
        cumulated.append((cumulated[-1] if cumulated else 0.0) + weight)
    hours: list[int] = []
    for weight in HOURS:
        hours.append((hours[-1] if hours else 0) + weight)
    found: list[datetime] = []
    while len(found) < count:
        day = days[bisect.bisect_left(cumulated, rng.random() * cumulated[-1])]
        hour = bisect.bisect_left(hours, rng.random() * hours[-1])
        moment = datetime.combine(
            day, time(hour, rng.randrange(60), rng.randrange(60), rng.randrange(10**6)), clock.CITY
        )
        if moment < until:
            found.append(moment)
    return sorted(found)


def numbers(stage: Stage, times: Sequence[datetime]) -> list[str]:
    """Each day's matters numbered from 0001."""
    of_day: dict[date, int] = defaultdict(int)
    out = []
    for moment in times:
        day = moment.date()
        of_day[day] += 1
        out.append(matter_number(stage.prefix, day, of_day[day]))
    return out


# --- Into the database --------------------------------------------------------------------------------------------
_MATTER = tuple(f.attname for f in Matter._meta.concrete_fields)  # noqa: SLF001  Django's own name.
_CLOCK = ("subject", "name", "amount", "unit", "rule", "started_at", "due_at", "provisional", "stopped_at")
_TIMER = ("subject", "kind", "due_at", "retry_at", "tries", "last_error")


def write(stories: Iterator[Story], *, each: Callable[[str, Sequence[Heard]], None] = lambda *_: None) -> int:
    """Write stories in one transaction; returns how many. `each` hears every matter's entries, to fill projections."""
    told = list(stories)
    if not told:
        return 0
    row = attrgetter(*_CLOCK)
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SELECT nextval('matters_matter_id_seq') FROM generate_series(1, %s)", [len(told)])
        for story, (number,) in zip(told, db.fetchall(), strict=True):
            story.matter.pk = number
            story.matter.search = words.tokens(story.matter)
        copy_rows(Matter, _MATTER, ([getattr(s.matter, name) for name in _MATTER] for s in told))
        copy_rows(
            Contact,
            ("matter_id", "name", "phone", "email", "language"),
            ((s.matter.pk, s.contact[0], s.contact[1], "", "zh-hans") for s in told if s.contact),
        )
        copy_rows(
            Remark,
            ("matter_id", "seq", "move", "text", "for_resident", "at"),
            ((s.matter.pk, *remark) for s in told for remark in s.remarks),
        )
        copy_rows(Clock, _CLOCK, (row(clock) for s in told for clock in s.clocks))
        copy_rows(Timer, _TIMER, ((s.matter.subject, kind, at, at, 0, "") for s in told for kind, at in s.timers))
        copy_chains(((s.matter.subject, s.past) for s in told), each=each)
    return len(told)


def begin_today(day: date, last: int) -> None:
    """Let the running number go on after what was written for today."""
    with connection.cursor() as db:
        db.execute("SELECT setval('matters_number', greatest(%s, 1) + (SELECT last_value FROM matters_number))", [last])
        db.execute("SELECT last_value FROM matters_number")
        value = db.fetchone()[0]
    DayBase.objects.update_or_create(day=day, defaults={"base": value - last})
