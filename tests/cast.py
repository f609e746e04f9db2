"""The people of tests, screenshots and docs, each at their post.

王网格员 wang   槐花一网格's grid worker            周书记 zhou   槐花社区's secretary
李调度   li     柳林街道's dispatcher               吴城管 wu     handler at 柳林街道城管办
郑区长   zheng  柳河区's leader                     孙审计 sun    auditor
冯主任   feng   柳林街道城管办's head               钱路人 qian   dispatcher of 杏花镇, next door: may see nothing
江调度   jiang  柳河区's dispatcher                 赵阿姨 zhao   a resident, without an account
"""

from dataclasses import dataclass
from datetime import date

from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Appointment, Body, BodyKind, Person, Post
from linli.mechanisms.territory.models import Area
from tests import place

PASSWORD = "邻里-柳林-2026"

BODIES = {
    # key: (name, short, kind, functions, area, phone)
    "city_desk": (
        "柳城市市民热线中心",
        "市热线中心",
        BodyKind.GOVERNMENT,
        ["governance-centre"],
        place.CITY,
        "0543-0000100",
    ),
    "county_desk": (
        "柳河区社会治理中心",
        "区治理中心",
        BodyKind.GOVERNMENT,
        ["governance-centre"],
        place.COUNTY,
        "0543-0000200",
    ),
    "liulin_desk": (
        "柳林街道综治中心",
        "柳林街道综治中心",
        BodyKind.GOVERNMENT,
        ["governance-centre"],
        place.LIULIN,
        "0543-0000300",
    ),
    "liulin_urban": (
        "柳林街道城市管理办公室",
        "柳林街道城管办",
        BodyKind.GOVERNMENT,
        ["urban-management", "construction", "sanitation"],
        place.LIULIN,
        "0543-0000301",
    ),
    "xinghua_desk": (
        "杏花镇综治中心",
        "杏花镇综治中心",
        BodyKind.GOVERNMENT,
        ["governance-centre"],
        place.XINGHUA,
        "0543-0000400",
    ),
    "huaihua": (
        "槐花社区居民委员会",
        "槐花社区",
        BodyKind.SELF_GOVERNMENT,
        ["community-committee"],
        place.HUAIHUA,
        "0543-0000311",
    ),
    "liuan": (
        "柳岸社区居民委员会",
        "柳岸社区",
        BodyKind.SELF_GOVERNMENT,
        ["community-committee"],
        place.LIUAN,
        "0543-0000312",
    ),
    "xinghua": (
        "杏花村村民委员会",
        "杏花村",
        BodyKind.SELF_GOVERNMENT,
        ["community-committee"],
        place.VILLAGE,
        "0543-0000411",
    ),
}

PEOPLE = {
    # username: (name, post kind, title, body, area)
    "wang": ("王网格员", "grid_worker", "网格员", "huaihua", place.HUAIHUA_1),
    "he": ("何网格员", "grid_worker", "网格员", "liuan", place.LIUAN_1),
    "zhou": ("周书记", "community_secretary", "书记", "huaihua", place.HUAIHUA),
    "li": ("李调度", "township_dispatcher", "调度员", "liulin_desk", place.LIULIN),
    "ma": ("马调度", "township_dispatcher", "调度员", "liulin_desk", place.LIULIN),
    "wu": ("吴城管", "department_handler", "承办人", "liulin_urban", place.LIULIN),
    "feng": ("冯主任", "department_head", "主任", "liulin_urban", place.LIULIN),
    "zheng": ("郑区长", "leader", "区长", "county_desk", place.COUNTY),
    "jiang": ("江调度", "county_dispatcher", "调度员", "county_desk", place.COUNTY),
    "sun": ("孙审计", "auditor", "审计员", "county_desk", place.COUNTY),
    "qian": ("钱路人", "township_dispatcher", "调度员", "xinghua_desk", place.XINGHUA),
}


@dataclass(frozen=True)
class Cast:
    """The people as rows; `cast.actor("wang")` is the actor they are at their post."""

    people: dict[str, Person]
    bodies: dict[str, Body]

    def actor(self, username: str) -> Actor:
        """The actor somebody is at their (first) post today. 赵阿姨 holds a matter's link."""
        if username == "zhao":
            return Actor.resident()
        appointment, lent = access.appointments_of(self.people[username])[0]
        return access.actor_for(self.people[username], appointment, on_behalf_of=lent)


def build() -> Cast:
    """Put everybody in their place. The place must stand."""
    areas = {area.code: area for area in Area.objects.all()}
    bodies = {}
    for key, (name, short, kind, functions, code, phone) in BODIES.items():
        area = areas[code]
        bodies[key] = Body.objects.create(
            name=name, short_name=short, kind=kind, functions=functions, area=area, level=area.level, phone=phone
        )
    people = {}
    for username, (name, kind, title, body, code) in PEOPLE.items():
        person = Person.objects.create_user(
            username, PASSWORD, name=name, email=f"{username}@liulin.example", phone="0543-0000000"
        )
        post, _ = Post.objects.get_or_create(kind=kind, body=bodies[body], area=areas[code], defaults={"title": title})
        Appointment.objects.create(person=person, post=post, from_on=date(2026, 1, 1))
        people[username] = person
    return Cast(people, bodies)


def find() -> Cast:
    """The cast of a database in which it already stands."""
    by_name = {body.name: body for body in Body.objects.all()}
    bodies = {key: by_name[line[0]] for key, line in BODIES.items()}
    people = {person.username: person for person in Person.objects.filter(username__in=PEOPLE)}
    return Cast(people, bodies)
