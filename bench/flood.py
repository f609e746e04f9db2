"""One hour of a flood day: its reports, and what people do with them, without the waiting in between.

A flood day is four times the 5,000 tickets a day that are planned for: 20,000. That a fifth of them, 4,000, come in
one hour is assumed: no source gives the share of the busiest hour.

The hour is played in its order over HTTP, `PACE` reports a second instead of 1.1, so in less than three minutes, or as
slowly as the machine takes it. What happens is not thinned out: residents of a few places open the page (half of them
by the code at their door), write what the storm did, are shown what neighbours have told already, say 也是这件事 if it is
the very same and send theirs if it is not, see that it arrived, and look at their link again later. After every second
report somebody at a desk opens the list and one of the hour's matters, and settles, assigns or verifies it, or sends it
up. Every tenth matter's reminder falls due meanwhile.
"""

import http.client
import queue
import random
import re
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bench.browsing import Answer, Ask, Browser, Line, Pace, first_choice, forms, hidden, signed_in
from bench.main import quantile

DAY, SHARE, HOUR_S = 20_000, 5, 3600
REPORTS = DAY // SHARE
PACE = 25.0
"""A second: twenty-two times as fast as the hour, and what leaves two cores some room."""
HANDS, DESKS, PLACES = 8, 4, 8
LATE_S = 5.0
LONGEST_S = 300
REMIND_EVERY = 10
HOUSES = 150
STORM = (
    "{house}号楼东边的大树刮倒了，横在路上过不去",
    "{house}号楼旁边地下通道积水了，电动车都泡在里面",
    "{house}号楼停电了，到现在没来",
)
REPLY = "已到现场处理，现在可以正常通行。"
VERBS = ("settle", "assign", "verify", "raise_up")
TRIED = "到现场看过，放了警示牌，要专业的人来。"
LIST = "/desk/?view=mine&order=new"


@dataclass(frozen=True)
class Place:
    """Where the hour happens: a grid's code, its community in words, and those at the desks above it."""

    code: str
    words: str
    staff: tuple[Any, ...]


class WrongError(Exception):
    """Something came back that the person before the screen did not expect."""


@dataclass
class Told:
    """What happened. Lists only grow, so that threads share them."""

    errors: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """Addresses given to residents, each for a matter of its own."""
    supported: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    """The matter had moved since the page was opened, and the page said so: no error."""
    acts: list[str] = field(default_factory=list)
    sent_ms: list[float] = field(default_factory=list)
    list_ms: list[float] = field(default_factory=list)
    page_ms: list[float] = field(default_factory=list)

    @property
    def numbers(self) -> list[str]:
        """Of the matters that residents were given."""
        return [unquote(each).split("/")[2] for each in self.links]

    @property
    def carried(self) -> int:
        """Reports that became a matter or a voice for one."""
        return len(self.links) + len(self.supported)


class Hour:
    """The people and what they do."""

    def __init__(self, places: Sequence[Place], cookies: Mapping[int, Mapping[str, str]], *, seed: str) -> None:
        self.places, self.told, self.seed = places, Told(), seed
        self.cookies = {person: dict(held) for person, held in cookies.items()}
        self.known: set[str] = set()

    def resident(self, ask: Ask, turn: int) -> None:
        """One resident, from opening the page to knowing that it arrived; then somebody else looks at their link."""
        rng = random.Random(f"{self.seed} {turn}")
        place = self.places[turn % len(self.places)]
        scanned = turn // len(self.places) % 2 == 0
        said = rng.choice(STORM).format(house=rng.randrange(1, HOUSES))
        browser = Browser(ask, address=".".join(str(rng.randrange(1, 250)) for _ in range(4)))
        with self._watched("resident"):
            opened = _expect(browser.get(f"/?g={place.code}" if scanned else "/"), 200)
            form = _only(forms(opened.page, 'id="report"'), "the form")
            typed = hidden(form) | {
                "text": said, "place": "" if scanned else place.words, "visibility": "anonymous", "public": "on",
            }  # fmt: skip
            self._report(browser, typed, said)
            if len(self.told.links) > HANDS:
                link = self.told.links[rng.randrange(len(self.told.links) // 2, len(self.told.links))]
                _expect(Browser(ask, address=browser.address).get(link.removesuffix("sent/")), 200)

    def _report(self, browser: Browser, typed: dict[str, str], said: str) -> None:
        answer = browser.post("/", typed)
        self.told.sent_ms.append(answer.ms)
        if answer.status == 200 and "/support/" in answer.page:
            if self._joins(browser, answer.page, said, typed["key"]):
                return
            answer = browser.post("/", typed | {"anyway": "1"})
            self.told.sent_ms.append(answer.ms)
        link = _expect(answer, 302).to
        if not re.fullmatch(r"/m/[^/]+/[^/]+/sent/", link):
            raise WrongError(f"a report led to {link}")
        self.told.links.append(link)
        self.known.add(unquote(link).split("/")[2])
        _expect(browser.get(link), 200)

    def _joins(self, browser: Browser, page: str, said: str, key: str) -> bool:
        """Has a neighbour told the very same? Then it is enough to say so."""
        shown = [part.partition("</article>")[0] for part in page.split("<article")[1:]]
        same = [part for part in shown if "/support/" in part and said in part]
        if not same:
            return False
        form = _only(forms(same[0], "/support/"), "the way to join")
        action = re.search(r'action="([^"]+)"', form)
        answer = browser.post(action[1] if action else "", hidden(form) | {"key": key})
        if answer.status == 409:  # It was answered while this page was read.
            self.told.overtaken.append("support")
            return False
        _expect(browser.get(_expect(answer, 302).to), 200)
        self.told.supported.append(said)
        return True

    def desk(self, ask: Ask, turn: int) -> None:
        """Somebody at a desk opens the list and one of the hour's matters, and does what is theirs to do."""
        rng = random.Random(f"{self.seed} desk {turn}")
        place = self.places[turn % len(self.places)]
        person = place.staff[turn // len(self.places) // 2 % len(place.staff)]
        browser = Browser(ask)
        browser.cookies = self.cookies[person.pk]
        with self._watched(f"desk of {person.username}"):
            listed = _expect(browser.get(LIST), 200)
            self.told.list_ms.append(listed.ms)
            paths = set(re.findall(r'href="(/matters/[^"/]+/)"', listed.page))
            ours = sorted(each for each in paths if unquote(each).split("/")[2] in self.known)
            if not ours:
                return
            opened = _expect(browser.get(rng.choice(ours)), 200)
            self.told.page_ms.append(opened.ms)
            self._act(browser, opened.page)

    def _act(self, browser: Browser, page: str) -> None:
        """What the page offers first: settle on the spot, assign as proposed, verify, or send it up."""
        for verb in VERBS:
            found = forms(page, f'/{verb}/"')
            form = next((each for each in found if verb != "assign" or "to" in hidden(each)), "")
            if form:
                break
        else:
            return
        filled = {"settle": {"reply": REPLY}, "raise_up": {"reason": first_choice(form, "reason"), "tried": TRIED}}
        action = re.search(r'action="([^"]+)"', form)
        answer = browser.post(action[1] if action else "", hidden(form) | filled.get(verb, {}))
        if answer.status == 409:
            self.told.overtaken.append(verb)
            return
        _expect(browser.get(_expect(answer, 302).to), 200)
        self.told.acts.append(verb)

    def _watched(self, who: str) -> "_Watched":
        return _Watched(self.told, who)


class _Watched:
    """Whatever goes wrong inside is told as an error, and the hour goes on."""

    def __init__(self, told: Told, who: str) -> None:
        self.told, self.who = told, who

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Keep what a person would have seen; anything else is the bench's own fault."""
        if isinstance(error, (WrongError, OSError, http.client.HTTPException)):
            self.told.errors.append(f"{self.who}: {type(error).__name__} {error}")
            return True
        return False


def _expect(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.page.partition("<main")[2] or answer.page))
        raise WrongError(f"{answer.status} instead of {status}: {words[:200]}")
    return answer


def _only(found: Sequence[str], what: str) -> str:
    if not found:
        raise WrongError(f"{what} is not on the page")
    return found[0]


# --- Played by the service ---------------------------------------------------------------------------------------------
def reports_of(rounds: int) -> int:
    """All of the hour's from ten rounds on; with fewer, fewer."""
    return min(REPORTS, 40 * rounds * rounds)


def measured(data: Path, size: int, *, rounds: int, floor: float, postmaster: int) -> dict[str, Any]:
    """One row; what was made for it is taken away again."""
    from bench import seeding
    from bench.service import _family, _running, _spent
    from linli.mechanisms.journal import runner

    places = found_places(PLACES)
    people = {person.pk: person for place in places for person in place.staff}
    try:
        with signed_in(list(people.values())) as cookies, _running(data) as (port, ours):
            hour = Hour(places, cookies, seed=f"flood {size}")
            before = _spent(_family(ours)), _spent(_family([postmaster]))
            began = time.monotonic()
            due = _play(hour, port, reports_of(rounds))
            seconds = time.monotonic() - began
            backlog = sum(runner.lag().values())
            cleared = _until_heard()
            web, db = (
                now - then
                for now, then in zip((_spent(_family(ours)), _spent(_family([postmaster]))), before, strict=True)
            )
            lost, twice = counted(hour.told.numbers)
            fired, late, latest = _late(due)
    finally:
        seeding.take_back()
    return row(
        hour.told, size, seconds=seconds, web=web, db=db, floor=floor, lost=lost, twice=twice, backlog=backlog, cleared=cleared,
        timers=fired, late=late, latest=latest,
    )  # fmt: skip


def row(
    told: Told, size: int, *, seconds: float, web: float, db: float, floor: float, lost: int, twice: int, **more: Any
) -> dict[str, Any]:
    """The hour's row: CPU is of all processes together, for a report with all that is done with it; wall is of sending it."""
    if not told.carried:
        raise RuntimeError(f"no report was carried: {told.errors[:3]}")
    rate = told.carried / seconds

    def walls(name: str, values: Sequence[float]) -> dict[str, float]:
        held = list(values) or [0.0]
        return {f"{name}_p50": round(quantile(held, 0.5), 2), f"{name}_p95": round(quantile(held, 0.95), 2)}

    return {
        "work": "flood, an hour of it", "size": size, "cpu_ms": round((web + db) / told.carried, 2),
        "web_cpu_ms": round(web / told.carried, 2), "db_cpu_ms": round(db / told.carried, 2), **walls("wall_ms", told.sent_ms),
        "floor_ms": round(floor, 2), "statements": 0, "bar": None,
        "holds": not told.errors and not lost and not twice and rate >= REPORTS / HOUR_S,
        "per_second": round(rate, 1), "reports": told.carried, "supports": len(told.supported), "acts": len(told.acts),
        "overtaken": len(told.overtaken), "errors": len(told.errors), "first_errors": told.errors[:5], "lost": lost, "twice": twice,
        **walls("list_ms", told.list_ms), **walls("page_ms", told.page_ms), **more,
    }  # fmt: skip


def said(row: Mapping[str, Any]) -> str:
    """The row's own figures, in a line below the table."""
    return (
        f"flood with {row['size']} matters: {row['reports']} reports ({row['supports']} of them 也是这件事) and {row['acts']} acts of"
        f" desks, {row['per_second']} reports a second (the hour: {REPORTS / HOUR_S:.1f}); {row['errors']} errors, {row['lost']} lost,"
        f" {row['twice']} told twice, {row['overtaken']} overtaken; {row['backlog']} unheard at the end, heard {row['cleared']} s later;"
        f" list {row['list_ms_p50']}/{row['list_ms_p95']} ms, matter {row['page_ms_p50']}/{row['page_ms_p95']} ms (p50/p95 wall);"
        f" {row['late']} of {row['timers']} timers more than {LATE_S:.0f} s late, the latest {row['latest']} s"
        + "".join(f"\n  {each}" for each in row["first_errors"])
    )


def found_places(most: int) -> list[Place]:
    """Grids with a worker in as many townships, whose community is found by its name."""
    from linli.mechanisms import territory
    from linli.mechanisms.access.models import Appointment
    from linli.work.matters import proposals

    held = (
        Appointment.objects.filter(to_on__isnull=True)
        .select_related("person", "post")
        .order_by("post__area__code", "id")
    )
    above = {
        (each.post.kind, each.post.area_id): each.person
        for each in held.filter(post__kind__in=("community_secretary", "township_dispatcher"))
    }
    found: dict[int, Place] = {}
    for each in held.filter(post__kind="grid_worker"):
        grid = territory.area(each.post.area_id)
        *_, township, community = (territory.area(area) for area in grid.lineage if area != grid.id)
        if township.id in found:
            continue
        words = township.name + community.name
        if not proposals.is_certain(territory.find(words)):
            continue
        desks = (above.get(("community_secretary", community.id)), above.get(("township_dispatcher", township.id)))
        found[township.id] = Place(grid.code, words, (each.person, *(one for one in desks if one is not None)))
        if len(found) == most:
            break
    return list(found.values())


def _play(hour: Hour, port: int, reports: int) -> dict[str, Any]:
    """Everybody at once; when each reminder that was brought forward fell due."""
    pace = Pace(PACE)
    turns: list[queue.SimpleQueue[int | None]] = [queue.SimpleQueue() for _ in range(DESKS)]

    def residents() -> None:
        line = Line(port)
        with closing(line.held):
            while (turn := pace.turn()) < reports:
                hour.resident(line, turn)
                if turn % 2 == 0:
                    number = turn // 2
                    turns[number % len(hour.places) % DESKS].put(number)

    def desks(own: "queue.SimpleQueue[int | None]") -> None:
        line = Line(port)
        with closing(line.held):
            while (turn := own.get()) is not None:
                hour.desk(line, turn)

    hands = [threading.Thread(target=residents) for _ in range(HANDS)]
    others = [threading.Thread(target=desks, args=(own,)) for own in turns]
    for each in (*hands, *others):
        each.start()
    due: dict[str, Any] = {}
    reminded = 0
    while any(hand.is_alive() for hand in hands):
        time.sleep(0.5)
        numbers = hour.told.numbers
        due |= _bring_forward(numbers[reminded::REMIND_EVERY])
        reminded += len(range(reminded, len(numbers), REMIND_EVERY)) * REMIND_EVERY
    for own in turns:
        own.put(None)
    for each in (*hands, *others):
        each.join()
    return due


# --- What the database says of it --------------------------------------------------------------------------------------
def _bring_forward(numbers: Sequence[str]) -> dict[str, Any]:
    """These matters' reminders fall due in two seconds; the moment of each."""
    from django.db import connection

    with connection.cursor() as db:
        db.execute(
            "UPDATE flow_timer SET due_at = now() + interval '2 seconds', retry_at = now() + interval '2 seconds'"
            " WHERE kind = 'matters.remind' AND subject = ANY(%s) RETURNING subject, due_at",
            [[f"matter:{each}" for each in numbers]],
        )
        return dict(db.fetchall())


def _late(due: Mapping[str, Any]) -> tuple[int, int, float]:
    """How many reminders were due, how many of them were late, and by how many seconds the latest."""
    from django.db import connection

    with connection.cursor() as db:
        db.execute(
            "SELECT subject, min(at) FROM journal_entry WHERE subject = ANY(%s) AND fact = 'matters.MatterReminded' GROUP BY 1",
            [list(due)],
        )
        fired = dict(db.fetchall())
        db.execute(
            "SELECT subject, now() FROM flow_timer WHERE subject = ANY(%s) AND kind = 'matters.remind' AND due_at < now()",
            [list(due)],
        )
        waiting = {subject: at for subject, at in db.fetchall() if subject not in fired}
    late = [(at - due[subject]).total_seconds() for subject, at in (fired | waiting).items()]
    return len(late), sum(each > LATE_S for each in late), round(max(late, default=0.0), 1)


def counted(numbers: Sequence[str]) -> tuple[int, int]:
    """How many numbers do not name one matter with one entry that began it, and how often somebody was told twice."""
    from django.db import connection

    with connection.cursor() as db:
        db.execute(
            "SELECT count(*) FROM unnest(%s::text[]) AS given (number) WHERE"
            " (SELECT count(*) FROM matters_matter AS m WHERE m.number = given.number) <> 1 OR"
            " (SELECT count(*) FROM journal_entry AS e WHERE e.subject = 'matter:' || given.number"
            " AND e.fact = 'matters.MatterRegistered') <> 1",
            [list(numbers)],
        )
        lost = db.fetchone()[0] + len(numbers) - len(set(numbers))
        # Of one entry, and of one matter's beginning: an entry written twice would be two entries.
        db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM notices_notice WHERE subject = ANY(%(subjects)s) GROUP BY entry_id, person_id"
            " HAVING count(*) > 1 UNION ALL SELECT 1 FROM notices_notice WHERE subject = ANY(%(subjects)s)"
            " AND kind = 'matters.MatterRegistered' GROUP BY subject, person_id HAVING count(*) > 1) AS twice",
            {"subjects": [f"matter:{each}" for each in numbers]},
        )
        return lost, db.fetchone()[0]


def _until_heard() -> float:
    """Seconds until every reader has heard all there is. Raises RuntimeError if they do not catch up."""
    from linli.mechanisms.journal import runner

    began = time.monotonic()
    while left := sum(runner.lag().values()):
        if time.monotonic() - began > LONGEST_S:
            raise RuntimeError(f"readers have {left} entries still to hear")
        time.sleep(0.1)
    return round(time.monotonic() - began, 1)
