"""What people do next, as chance and their posts have it; and at which hours residents speak."""

import bisect
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from linli.kernel import clock
from linli.kernel.identifiers import matter_number
from linli.mechanisms.access.models import Body
from linli.mechanisms.journal import Author
from linli.work.matters import proposals, rules
from linli.work.matters.demo.stage import Spot, Stage, Story, proposed_body
from linli.work.matters.demo.telling import Teller
from linli.work.matters.flow import State


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
    worker = t.desk(spot.slots.grid_id, "grid_worker")
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
        # Whoever once settled it on the spot verifies it no more, whoever answered last: four eyes look at both moves.
        settled = any(each.move == "settle" for each in t.story.past)
        verifier = t.desk(spot.slots.community_id, "community_secretary") if settled else worker
        t.verify(verifier)
        fate = rng.random()
        back, yes = (
            (0.08, 0.70) if t.story.matter.outcome == "solved" else (0.25, 0.45)
        )  # What was not done is not praised.
        if fate < back and not t.story.matter.reopened:  # A second no goes up a level; a story ends before that.
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
    secretary = t.desk(spot.slots.community_id, "community_secretary")
    who = secretary
    body: Body | None
    if matter.level == rules.COMMUNITY and t.category.solvable_at in {"grid", "community"}:
        body = stage.by_function[proposals.COMMITTEE, spot.slots.community_id or 0]
    else:
        if matter.level == rules.COMMUNITY:
            t.raise_up(secretary)
            if not t.wait(3 * slow):
                return False
        who = t.desk(spot.slots.township_id, "township_dispatcher")
        proposal = proposed_body(stage, matter)
        if proposal is None or (proposal.level < rules.TOWNSHIP and rng.random() < 0.3):
            t.raise_up(who)
            if not t.wait(4 * slow):
                return False
            who = t.desk(spot.slots.county_id, "county_dispatcher")
            proposal = proposed_body(stage, matter)
        body = proposal
    if body is None:
        return False
    t.assign(body, who, proposed=True)
    if not t.wait(5 * slow):
        return False
    handler = _handler(stage, body)
    t.accept(handler)
    if rng.random() < 0.85:
        if not t.wait(2 * slow):
            return False
        t.contact(handler)
        t.note(handler)
    if not t.wait(26 * slow):
        return False
    t.answer(handler)
    return True


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
