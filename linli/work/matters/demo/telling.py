"""One story: each thing that may happen to a matter, told by the same rules as service."""

import random
from datetime import datetime, timedelta
from typing import Any

from linli.facts import matters as facts
from linli.kernel.calendar import Due
from linli.mechanisms.access.models import Body
from linli.mechanisms.journal import Author
from linli.mechanisms.journal.bulk import Past
from linli.work.matters import proposals, rules, supervision, words
from linli.work.matters.demo.stage import (
    OTHERWISE,
    TRIED,
    Spot,
    Stage,
    Story,
    Ticking,
    proposals_receiver,
)
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.rules import remind_at
from linli.work.matters.service import clockwork, contactclock
from linli.work.matters.service.registering import title_of

RESIDENT = Author("resident")
SYSTEM = Author("system", None, "timers", "", "")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
REPLIES = (
    "已安排人处理完毕，您再看看。",
    "今天上午已修好。",
    "已清理干净，以后每天巡一遍。",
    "已和对方说好，明天起不再占道。",
    "已向您电话说明，费用按规定退。",
)
NOT_YET = ("昨晚又坏了。", "只弄了一半。", "没人来过。")


class Teller:
    """Tells one story: what happens next, until it is over or it is now."""

    clock_started: datetime
    rate_by: datetime
    contact_started: datetime
    said_of_contact: set[str]
    """Which of the two timers of the first contact have fired."""

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
        past, number = self.story.past, matter.number
        came: list[Past] = []
        for share, at in self._reminders():
            if matter.is_in_hand and at < before:
                matter.reminded += 1
                reminded = facts.MatterReminded(number, matter.handler_id, matter.due_at, share)
                came.append(Past(at, "remind", reminded, SYSTEM))
        if matter.is_in_hand and not matter.overdue and matter.due_at + timedelta(seconds=1) < before:
            matter.overdue = True
            fact = facts.MatterOverdue(matter.number, matter.handler_id, matter.level, matter.due_at)
            came.append(Past(matter.due_at + timedelta(seconds=1), "mark_overdue", fact, SYSTEM))
        for move, at in self._contact_timers():
            if move not in self.said_of_contact and at < before and matter.contact_by is not None:
                self.said_of_contact.add(move)
                tried = sum(each.move == "contact" for each in past)
                due: Any = facts.MatterContactDue(number, matter.handler_id, matter.contact_by)
                late: Any = facts.MatterUncontacted(number, matter.handler_id, matter.contact_by, tried)
                came.append(Past(at, move, due if move == "remind_contact" else late, SYSTEM))
        past += sorted(came, key=lambda each: each.at)

    def _contact_timers(self) -> list[tuple[str, datetime]]:
        """When the reminder and the mark of the first contact are due, while its clock runs."""
        by = self.story.matter.contact_by
        if by is None:
            return []
        return [
            ("remind_contact", by - (by - self.contact_started) / 4), ("mark_uncontacted", by + timedelta(seconds=1)),
        ]  # fmt: skip

    def end(self) -> Story:
        """It is now: mark what is overdue, set the timers that are still to come."""
        self._fire(before=self.until)
        story, matter = self.story, self.story.matter
        matter.version = len(story.past)
        armed: list[tuple[str, datetime]] = []
        if matter.is_in_hand:
            armed = [(clockwork.REMIND, at) for _share, at in self._reminders()[:1]]
            armed.append((clockwork.OVERDUE, matter.due_at + timedelta(seconds=1)))
        elif matter.state == State.VERIFIED:
            armed = [(clockwork.LAPSE, self.rate_by)]
        kinds = {"remind_contact": contactclock.REMIND, "mark_uncontacted": contactclock.LATE}
        armed += [(kinds[move], at) for move, at in self._contact_timers()]
        story.timers = [(kind, at) for kind, at in armed if at > self.until]
        return story

    def _reminders(self) -> list[tuple[int, datetime]]:
        """Those still to come for this date: the share and its moment."""
        matter = self.story.matter
        return [
            (share, remind_at(share, base=self.clock_started, due_at=matter.due_at))
            for share in clockwork.shares()[matter.reminded :]
        ]

    # What people do -----------------------------------------------------------------------------------------------
    def settle(self) -> None:
        """当场解决."""
        who = self.desk(self.spot.slots.grid_id, "grid_worker")
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
        if matter.visibility != "anonymous" and matter.contacted_at is None:
            matter.contact_by, self.contact_started = self._start("contact", self.at)[0].at, self.at
            self.said_of_contact = set()
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

    def contact(self, who: Author) -> None:
        """首次联系 — by telephone; of a 举报, a message on the page."""
        matter = self.story.matter
        if matter.contact_by is None:
            return
        given = next(each.at for each in reversed(self.story.past) if each.move == "assign")
        means, said = ("message", "已经收到，正在核实。") if matter.is_report else ("phone", "问清了在哪个门口。")
        in_time = self.at <= matter.contact_by
        said_at = self.at.replace(second=0, microsecond=0)
        minutes = int((said_at - given.replace(second=0, microsecond=0)).total_seconds() // 60)
        self._stop("contact")
        matter.contact_by, matter.contacted_at, matter.moved_at = None, said_at, self.at
        self._say("contact", said, for_resident=means == "message")
        digest = words.digest(matter.subject, said)
        self._tell(
            "contact",
            facts.MatterContacted(
                matter.number, matter.handler_id, means, True, said_at, minutes, in_time=in_time, words=digest
            ),
            who,
        )  # fmt: skip

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
        matter.solved, matter.verdict = None, None
        matter.state = State.ANSWERED
        self._stop("handle")
        if matter.contact_by is not None:
            self._stop("contact")
            matter.contact_by = None
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
        matter.visit_at, matter.visit_tries = supervision.visit_due(matter, now=self.at, rate_by=self.rate_by), 0
        self._tell("verify", facts.MatterVerified(matter.number, self.rate_by), who)

    def rate(self) -> None:
        """评价."""
        matter = self.story.matter
        grade = self.rng.choices((5, 4, 3, 2, 1), (45, 32, 14, 6, 3))[0]
        matter.state, matter.solved, matter.satisfaction = State.CLOSED, True, grade
        matter.visit_at, matter.verdict = None, len(self.story.past) + 1
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
        matter.visit_at, matter.verdict = None, len(self.story.past) + 1
        matter.overdue, matter.ended_at, matter.moved_at = False, None, self.at
        self._stop("verify")
        self._start("handle", self.at)
        self._say(move, said, for_resident=True)
        digest = words.digest(matter.subject, said)
        fact = facts.MatterReopened(
            matter.number, matter.level, matter.reopened, matter.due_at, digest, handler=matter.handler_id
        )
        self._tell(move, fact, RESIDENT)

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
            matter.reminded = 0
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

    def desk(self, area_id: int | None, kind: str) -> Author:
        """Who works at a post of an area."""
        return self.stage.desks[area_id or 0, kind]
