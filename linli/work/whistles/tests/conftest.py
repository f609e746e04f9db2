"""What a whistle needs besides the cast: two district bodies with somebody who answers, and the county's dispatcher."""

from datetime import date, datetime
from itertools import count
from typing import Any

import pytest

from linli.kernel import clock
from linli.mechanisms.access.models import Appointment, Body, BodyKind, Person, Post
from linli.mechanisms.territory.models import Area
from linli.work.whistles import service
from linli.work.whistles.models import Whistle
from linli.work.whistles.service import Called
from tests import place
from tests.cast import PASSWORD, Cast

MORNING = datetime(2026, 4, 7, 9, 0, tzinfo=clock.CITY)
_keys = count(1)


class District:
    """The cast, and: 鲁交警 lu at 区交警大队, 何消防 huo at 区消防救援大队, 江调度 gao of the county, 邢交警 xing next door."""

    def __init__(self, cast: Cast) -> None:
        """Established once for a test."""
        self.cast = cast
        self.bodies = dict(cast.bodies)
        self.people = cast.people
        self._seat("police", "柳河区交警大队", place.COUNTY, "lu", "鲁交警", "department_handler")
        self._seat("fire", "柳河区消防救援大队", place.COUNTY, "huo", "何消防", "department_handler")
        self._seat("next_door", "杏花镇执法中队", place.XINGHUA, "xing", "邢执法", "department_handler")

    def _seat(self, key: str, name: str, code: str, username: str, person: str, kind: str) -> None:
        area = Area.objects.get(code=code)
        if key not in self.bodies:
            self.bodies[key] = Body.objects.create(
                name=name, short_name=name, kind=BodyKind.GOVERNMENT, functions=[], area=area, level=area.level
            )
        someone = Person.objects.create_user(username, PASSWORD, name=person)
        post = Post.objects.create(kind=kind, body=self.bodies[key], area=area, title=person[1:])
        Appointment.objects.create(person=someone, post=post, from_on=date(2026, 1, 1))
        self.people[username] = someone

    def actor(self, username: str) -> Any:
        """Who somebody is at their post."""
        return self.cast.actor(username)

    def whistle(self, *bodies: str, kind: str = "emergency", **rest: Any) -> Whistle:
        """Sounded by 李调度 at 槐花社区 for 交警 and 消防."""
        rest.setdefault("area_id", Area.objects.get(code=place.HUAIHUA).pk)
        rest.setdefault("key", f"whistle-{next(_keys):06d}")
        rest.setdefault("what", "沿街商铺起火，要封路、要水带")
        called = [Called(self.bodies[each]) for each in bodies or ("police", "fire")]
        return service.sound(kind=kind, called=rest.pop("called", called), by=self.actor("li"), **rest)

    def agreed(self) -> Whistle:
        """Both came; what is to be done is agreed."""
        whistle = self.whistle()
        for each in ("lu", "huo"):
            service.arrive(whistle, by=self.actor(each))
        return service.agree(whistle, plan="交警封路半小时，消防清点", by=self.actor("li"))

    def done(self) -> Whistle:
        """Concluded; both sides are asked."""
        whistle = self.agreed()
        said = {self.bodies["police"].pk: "封路及时", self.bodies["fire"].pk: "火已灭"}
        return service.conclude(whistle, conclusion="火已灭，路已通", bodies=said, by=self.actor("li"))


@pytest.fixture
def district(cast: Cast) -> District:
    """The city's district bodies."""
    return District(cast)
