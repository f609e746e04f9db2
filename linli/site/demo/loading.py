"""Fills a demo city (演示城市) from nothing: tables, rules, places, people, months of matters, and a fresh dozen.

Run in a process of its own (`python -m linli.site.demo.loading`), so that the process that watches over server and
worker stays small. What it writes is whole only when it has ended well: demo.json in the data folder says so.
"""

import argparse
import os
import random
import sys
import threading
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.mechanisms.access.demo import Named

DAYS = 120
"""How far back the city's matters go."""
BATCH = 1000
SUBDISTRICT, COMMUNITY = "371602005000", "371602005033"
"""滨城区彭李街道 and its 为民社区: where the cast works."""
COUNTY = "371602000000"


class Progress:
    """One line per step: the seconds since the beginning, and what was done."""

    def __init__(self) -> None:
        """Now it begins."""
        self.began = time.monotonic()

    def __call__(self, words: str) -> None:
        """Say what is done."""
        print(f"{time.monotonic() - self.began:5.1f}s  {words}", flush=True)


def fill(size: int, say: Progress) -> None:
    """Everything, in order. The database is empty, or holds an interrupted load's tables."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from linli.mechanisms import rulebook, territory
    from linli.mechanisms.access import demo as people
    from linli.mechanisms.access.rules import Functions
    from linli.mechanisms.journal import Author
    from linli.mechanisms.rulebook import pack
    from linli.mechanisms.territory import loading

    with connection.cursor() as db:
        db.execute("SET synchronous_commit = off")  # If the machine stops now, the load is begun again anyway.
    call_command("migrate", interactive=False, verbosity=0)
    say("表已建好")
    system = Author("system", None, "pack", "", "")
    loaded = rulebook.load(pack.read(Path(settings.PACK)), by=system)
    say(f"规则已载入：{len(loaded.enacted)} 张清单")
    places = loading.load(Path(settings.PACK), by=system, illustrate=True)
    say(f"区划已载入：{places.areas} 个区域，其中网格 {places.grids} 个（示意）")
    since = territory.queries.first_record() or (_today() - timedelta(days=2 * DAYS))
    settled = people.settle(
        rulebook.current(Functions).list.items, cast(), since=max(since, _today().replace(month=1, day=1))
    )
    say(f"机构、岗位和人员已设好：{settled} 人（示意）")
    written = tell_past(size, say)
    say(f"{DAYS} 天的诉求已写入：{written} 件")
    community = territory.by_code(COMMUNITY)
    if community is not None:
        from linli.site.demo import asked, fresh, given, kept, refused, summoned, supervised, told

        say(f"今天的诉求，经各岗位之手：{fresh.tell(community.id)} 件")
        say(f"督办和评价申诉：{supervised.tell()} 件")
        say(f"不归这里办的，经各岗位之手：{refused.tell(community.id)} 件")
        say(f"吹哨，经各岗位之手：{summoned.tell(community.id)} 次")
        say(f"个人信息的申请和核定：{asked.tell()} 件")
        say(f"工作组的任务：{given.tell()} 件")
        say(f"告诉邻居的：{told.tell(community.id)} 份")
        say(f"工作台上存着的：{kept.tell()} 样")
    with connection.cursor() as db:
        db.execute("ANALYZE")


def bring_up_to_date(say: Progress) -> None:
    """A demo city filled by an older linli: its tables and rules, made today's."""
    from django.conf import settings
    from django.core.management import call_command

    from linli.mechanisms import rulebook
    from linli.mechanisms.journal import Author
    from linli.mechanisms.rulebook import pack

    call_command("migrate", interactive=False, verbosity=0)
    rulebook.load(pack.read(Path(settings.PACK)), by=Author("system", None, "pack", "", ""))
    say("表和规则已更新")


def cast() -> "Sequence[Named]":
    """Who can be signed in as with one click (`site/demo_signin.py` says what each does)."""
    from linli.mechanisms.access.demo import Named

    committee, desk, urban = "community-committee", "governance-centre", "urban-management"
    return (
        Named("wang", "王网格员", "grid_worker", _first_grid(), committee),
        Named("zhou", "周书记", "community_secretary", COMMUNITY, committee),
        Named("li", "李调度", "township_dispatcher", SUBDISTRICT, desk),
        Named("wu", "吴城管", "department_handler", SUBDISTRICT, urban),
        Named("feng", "冯主任", "department_head", SUBDISTRICT, urban),
        Named("jiang", "江调度", "county_dispatcher", COUNTY, desk),
        Named("zheng", "郑区长", "leader", COUNTY, desk),
        Named("sun", "孙审计", "auditor", COUNTY, desk),
        Named("gui", "桂规则", "rule_keeper", COUNTY, desk),
        Named("ren", "任岗位", "personnel_keeper", SUBDISTRICT, desk),
    )


def _first_grid() -> str:
    from linli.mechanisms import territory

    community = territory.by_code(COMMUNITY)
    if community is None:
        raise LookupError(f"演示用的社区 {COMMUNITY} 不在城市包里")
    return min(grid.code for grid in territory.children(community.id))


def _today() -> date:
    from linli.kernel import clock

    return clock.today()


def tell_past(size: int, say: Progress) -> int:
    """Months of matters in every state, their journal, and beside it what the readers would have made of it."""
    from django.db import transaction

    from linli.kernel import clock
    from linli.mechanisms.journal import bulk, seals
    from linli.review.indicators import demo as indicators
    from linli.site.demo import refused
    from linli.work.matters import demo as matters

    until = clock.now()
    stage = matters.Stage()
    times = matters.moments(size, since=until.date() - timedelta(days=DAYS), until=until, seed="linli")
    numbers = matters.numbers(stage, times)
    rng = random.Random("linli demo")
    around = [spot for spot in stage.spots if spot.slots.township_id == _township()]
    done = 0
    with transaction.atomic():
        for start in range(0, size, BATCH):
            tally = indicators.Tally()
            stories = (
                matters.tell(
                    stage,
                    rng,
                    number=number,
                    at=at,
                    until=until,
                    spot=rng.choice(around) if rng.random() < AT_HOME else None,
                )
                for number, at in zip(numbers[start : start + BATCH], times[start : start + BATCH], strict=True)
            )
            done += matters.write(stories, each=tally.hear)
            tally.write()
        # Fresh matters reach back before midnight; some that were excluded, into last month.
        for day in (refused.last_month().date(), until.date() - timedelta(days=1), until.date()):
            matters.begin_today(day, sum(at.date() == day for at in times))
    bulk.skip_to_now()
    seals.seal_now()
    say("日志已封存")
    return done


AT_HOME = 0.12
"""Of all matters, how many happen in the cast's own subdistrict, so that their desks are never empty."""


def _township() -> int:
    from linli.mechanisms import territory

    found = territory.by_code(SUBDISTRICT)
    if found is None:
        raise LookupError(f"演示用的街道 {SUBDISTRICT} 不在城市包里")
    return found.id


def _leave_with(parent: int) -> None:
    """End when the process that asked for the load has ended: its next run begins anew, and needs the database alone."""
    while os.getppid() == parent:
        time.sleep(0.3)
    os._exit(1)


def main(argv: Sequence[str]) -> int:
    """As a process of its own: DATABASE_URL and the rest come with the environment."""
    parser = argparse.ArgumentParser(prog="linli.site.demo.loading")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args(argv)
    from linli.site.cli import environment

    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    environment.set_up()
    say = Progress()
    if args.update:
        bring_up_to_date(say)
    else:
        fill(args.size, say)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
