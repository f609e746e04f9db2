"""The people of the demo city: every body, post and person is invented (示意); the places are real.

A body is made for every function of the pack at every level it stands on, called as such bodies usually are; every
village has a committee with a secretary and a clerk, every grid a worker.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models, transaction

from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.access import queries
from linli.mechanisms.access.models import Appointment, Body, BodyKind, Person, Post
from linli.mechanisms.territory.service import copy_rows

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红建文辉力波宁鑫玲桂兰海燕国庆志远晓东立新春梅永健"
DISPATCHERS = {3: "township_dispatcher", 2: "county_dispatcher", 1: "city_dispatcher"}
TITLES = {
    "grid_worker": "网格员", "community_secretary": "书记", "community_clerk": "工作者", "township_dispatcher": "调度员",
    "county_dispatcher": "调度员", "city_dispatcher": "调度员", "department_handler": "承办人", "department_head": "主任", "leader": "分管领导",
    "auditor": "审计员", "rule_keeper": "规则管理员", "personnel_keeper": "岗位管理员",
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """Somebody of the cast, at a place given by code."""

    username: str
    name: str
    post: str
    area_code: str
    function: str


@transaction.atomic
def settle(functions: Iterable[Any], cast: Sequence[Named], *, since: date) -> int:
    """Make every body, post and person of the demo city; returns how many people. Nothing is made twice.

    `functions` are the items of bodies/functions (the list is declared by the app that routes by it).
    """
    if Body.objects.exists():
        return 0
    bodies = _bodies(list(functions))
    posts = _posts(bodies)
    settled = _people(posts, cast, since)
    queries.weigh()
    return settled


def _bodies(functions: Sequence[Any]) -> list[Body]:
    made: dict[tuple[int, str], Body] = {}
    rng = random.Random("bodies")
    for level in (1, 2, 3, 4):
        for area in territory.areas(level):
            if area.functional:
                continue
            for each in functions:
                usual = each.usual.get(str(level)) or each.usual.get(level)
                if level not in each.levels or not usual:
                    continue
                name = _committee(area) if level == 4 else f"{area.name}{usual}"
                body = made.get((area.id, name))
                if body is None:
                    short = area.name if level == 4 else name
                    phone = f"0543-{rng.randrange(2000000, 5999999)}"
                    body = made[area.id, name] = Body(
                        name=name, short_name=short[:40], kind=_kind(each, level), functions=[], area_id=area.id, level=level,
                        phone=phone, illustrative=True,
                    )  # fmt: skip
                body.functions.append(each.code)
    rows = list(made.values())
    _number(Body, rows)
    copy_rows(
        Body,
        ("id", "name", "short_name", "kind", "functions", "area_id", "level", "phone", "illustrative"),
        ((b.id, b.name, b.short_name, b.kind, b.functions, b.area_id, b.level, b.phone, True) for b in rows),
    )
    return rows


def _committee(area: territory.Node) -> str:
    return f"{area.name}{'居民' if area.kind == 'community' else '村民'}委员会"


def _kind(function: Any, level: int) -> str:
    return BodyKind.SELF_GOVERNMENT.value if level == 4 else str(getattr(function, "kind", BodyKind.GOVERNMENT.value))


def _posts(bodies: Sequence[Body]) -> list[Post]:
    posts: list[Post] = []
    committee_of = {}
    for body in bodies:
        kinds: tuple[str, ...]
        if body.level == 4:
            committee_of[body.area_id] = body
            kinds = ("community_secretary", "community_clerk")
        elif "governance-centre" in body.functions:
            kinds = (DISPATCHERS[body.level], "leader", "auditor", "personnel_keeper") + (
                ("rule_keeper",) if body.level <= 2 else ()
            )
        else:
            kinds = ("department_handler",)
        posts += [Post(kind=kind, title=TITLES[kind], body=body, area_id=body.area_id) for kind in kinds]
    for grid in territory.areas(5):
        posts.append(
            Post(
                kind="grid_worker", title=TITLES["grid_worker"], body=committee_of[grid.parent_id or 0], area_id=grid.id
            )
        )
    heads = [each for each in bodies if each.level < 4 and "governance-centre" not in each.functions]
    posts += [
        Post(kind="department_head", title=TITLES["department_head"], body=each, area_id=each.area_id) for each in heads
    ]
    _number(Post, posts)
    copy_rows(
        Post,
        ("id", "kind", "title", "body_id", "area_id"),
        ((p.id, p.kind, p.title, p.body_id, p.area_id) for p in posts),
    )
    return posts


def _people(posts: Sequence[Post], cast: Sequence[Named], since: date) -> int:
    rng = random.Random("people")
    wanted: dict[tuple[str, int], list[Named]] = {}
    for each in cast:
        area = territory.by_code(each.area_code)
        if area is None:
            raise LookupError(f"演示人物“{each.name}”的地方 {each.area_code} 不在区划里")
        wanted.setdefault((each.post, area.id), []).append(each)
    people = []
    for number, post in enumerate(posts, start=1):
        here = wanted.get((post.kind, post.area_id), ())
        named = next((each for each in here if each.function in post.body.functions), None)
        name = named.name if named else rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2))))
        username = named.username if named else f"p{number:05d}"
        people.append(
            Person(username=username, name=name, phone=f"0543-{rng.randrange(6000000, 8999999)}", password="!demo")
        )
    _number(Person, people)
    now = clock.now()
    copy_rows(
        Person,
        ("id", "username", "name", "phone", "email", "password", "is_active", "joined_at", "must_change_password"),
        ((p.id, p.username, p.name, p.phone, "", p.password, True, now, False) for p in people),
    )
    copy_rows(
        Appointment,
        ("person_id", "post_id", "from_on", "part_time"),
        (
            (p.id, post.id, since, post.kind == "grid_worker" and rng.random() < 0.4)
            for p, post in zip(people, posts, strict=True)
        ),
    )
    return len(people)


def _number(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Ids before the rows are written, so that rows can name each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id')) FROM generate_series(1, %s)",  # noqa: S608, SLF001
            [len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
