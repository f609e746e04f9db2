"""柳林街道 and its people, as far as posts and sign-in need them. Read `place` and `cast` first."""

from dataclasses import dataclass
from datetime import date

import pytest

from linli.mechanisms import rulebook
from linli.mechanisms.access import queries
from linli.mechanisms.access.actors import Actor
from linli.mechanisms.access.models import Appointment, Body, Person, Post
from linli.mechanisms.journal import Author
from linli.mechanisms.territory import service as territory
from linli.mechanisms.territory.models import Area
from linli.mechanisms.territory.service import NewArea

BY = Author("system", office="测试")
PASSWORD = "liulin-2026-huaihua"
AREAS = [
    ("990000000000", "柳城市", 1, "city", None),
    ("990001000000", "柳河区", 2, "district", "990000000000"),
    ("990001001000", "柳林街道", 3, "subdistrict", "990001000000"),
    ("990001101000", "杏花镇", 3, "town", "990001000000"),
    ("990001001001", "槐花社区", 4, "community", "990001001000"),
    ("9900010010010001", "槐花一网格", 5, "grid", "990001001001"),
]
KINDS = [
    {"code": "grid_worker", "name": "网格员", "scope": "area", "levels": [5], "powers": ["matters.settle"]},
    {
        "code": "secretary",
        "name": "书记",
        "scope": "area",
        "levels": [4],
        "powers": ["matters.assign", "access.appoint"],
    },
    {"code": "dispatcher", "name": "调度员", "scope": "area", "levels": [3], "powers": ["matters.assign"]},
    {"code": "admin", "name": "管理员", "scope": "area", "levels": [2, 3], "powers": ["access.appoint"]},
    {"code": "leader", "name": "区长", "scope": "area", "levels": [2], "powers": ["cockpit.read"]},
]
POSTS = [  # username, name, post, title, where
    ("wang", "王网格员", "grid_worker", "网格员", "槐花一网格"),
    ("zhou", "周书记", "secretary", "书记", "槐花社区"),
    ("li", "李调度", "dispatcher", "调度员", "柳林街道"),
    ("feng", "冯管理", "admin", "管理员", "柳林街道"),
    ("zheng", "郑区长", "leader", "区长", "柳河区"),
    ("qian", "钱路人", "admin", "管理员", "杏花镇"),
]


@dataclass
class Cast:
    """The people by username, their posts, and who they are when they act."""

    people: dict[str, Person]
    posts: dict[str, Post]
    terms: dict[str, Appointment]

    def __getattr__(self, username: str) -> Person:
        try:
            return self.__dict__["people"][username]
        except KeyError:
            raise AttributeError(username) from None

    def actor(self, username: str) -> Actor:
        """As the middleware would make it."""
        term, behalf = queries.appointments_of(self.people[username])[0]
        return queries.actor_for(self.people[username], term, on_behalf_of=behalf)


@pytest.fixture
def cast(db) -> Cast:
    """Everybody in office since the new year."""
    content = {"title": "岗位", "items": KINDS}
    rulebook.enact("posts/posts", content, in_force=date(2026, 1, 1), basis="测试用", by=BY)
    codes = {"nbs_code": lambda code: code if len(code) == 12 else None}
    new = [
        NewArea(code=c, name=n, level=lv, kind=k, parent_code=p, nbs_code=codes["nbs_code"](c))
        for c, n, lv, k, p in AREAS
    ]
    ids = territory.establish(new, on=date(2026, 1, 1), source="测试", by=BY)
    by_name = {area.name: area for area in Area.objects.filter(pk__in=ids.values())}
    made = Cast({}, {}, {})
    for username, name, kind, title, where in POSTS:
        area = by_name[where]
        body, _new = Body.objects.get_or_create(
            area=area, name=f"{where}办", defaults={"short_name": where, "kind": "government", "level": area.level}
        )
        person = Person.objects.create_user(username, PASSWORD, name=name, email=f"{username}@liulin.example")
        post, _new = Post.objects.get_or_create(kind=kind, body=body, area=area, defaults={"title": title})
        made.people[username], made.posts[username] = person, post
        made.terms[username] = Appointment.objects.create(person=person, post=post, from_on=date(2026, 1, 1))
    return made


@pytest.fixture
def signed_in(client, cast):
    """`signed_in("li")` is a client in which that person has signed in."""

    def enter(username: str):
        client.force_login(cast.people[username])
        return client

    return enter
