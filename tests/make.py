"""Makers of situations. Deterministic: a random value in a fixture is a bug that waits."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Appointment, Person, Post
from linli.work.matters import service
from linli.work.matters.models import Matter
from linli.work.matters.service import Report
from linli.work.tasks import service as tasks
from linli.work.tasks.models import Task
from tests import place
from tests.cast import PASSWORD, Cast

_keys = count(1)

SENTENCE = "小区门口的路灯坏了三天，晚上看不见路"


class Make:
    """Matters brought to a state by the people who would bring them there."""

    def __init__(self, cast: Cast) -> None:
        """With the cast."""
        self.cast = cast

    def report(self, text: str = SENTENCE, **rest: Any) -> Report:
        """What 赵阿姨 says at 槐花一网格."""
        rest.setdefault("key", f"form-{next(_keys):08d}")
        rest.setdefault("point", place.at(0.5, 0.5))
        return Report(text=text, **rest)

    def matter(self, text: str = SENTENCE, **rest: Any) -> Matter:
        """Registered, with 王网格员."""
        return service.register(self.report(text, **rest), by=Actor.stranger()).matter

    def raised(self, *, to: int = 3, **rest: Any) -> Matter:
        """Raised by 王网格员 to the community, and by 周书记 to the township."""
        matter = self.matter(**rest)
        matter = service.raise_up(
            matter, reason=self.raise_reason, tried="敲门问过，要换灯头，我们没有登高车", by=self.cast.actor("wang")
        )
        if to <= 3:
            matter = service.raise_up(
                matter, reason=self.raise_reason, tried="联系过物业，灯归城管办", by=self.cast.actor("zhou")
            )
        return matter

    def assigned(self, **rest: Any) -> Matter:
        """Assigned by 李调度 to 城管办."""
        return service.assign(self.raised(**rest), to=self.cast.bodies["liulin_urban"], by=self.cast.actor("li"))

    def handling(self, **rest: Any) -> Matter:
        """Accepted by 吴城管."""
        return service.accept(self.assigned(**rest), by=self.cast.actor("wu"))

    def objected(self, **rest: Any) -> Matter:
        """吴城管 says that it is 槐花社区's duty."""
        return service.object_to(
            self.assigned(**rest), reason="not-our-duty", note="小区里面的灯归社区管", believed=self.cast.bodies["huaihua"],
            by=self.cast.actor("wu"),
        )  # fmt: skip

    def excluding(self, text: str = "邻居借钱不还，已经起诉", **rest: Any) -> Matter:
        """李调度 proposes that it is for the courts."""
        return service.propose_exclusion(
            self.raised(text=text, **rest),
            reason="litigation",
            said="已经起诉的，由法院裁判，街道不能判。",
            by=self.cast.actor("li"),
        )

    def excluded(self, **rest: Any) -> Matter:
        """马调度 confirms it."""
        return service.exclude(self.excluding(**rest), by=self.cast.actor("ma"))

    def second_look(self, **rest: Any) -> Matter:
        """赵阿姨 asks for a second look, which is 江调度's."""
        return service.ask_second_look(self.excluded(**rest), why="不是借钱，是工钱", by=Actor.resident())

    def sampled(self, **rest: Any) -> Matter:
        """It came up in the month's sample."""
        matter = self.excluded(**rest)
        service.draw(clock.today().replace(day=1), by=Actor.system("timers"))
        matter.refresh_from_db()
        return matter

    def overseer(self, username: str = "tang") -> Actor:
        """唐监督, 柳河区's overseer; seated when first asked for."""
        county = self.cast.bodies["county_desk"]
        post, _ = Post.objects.get_or_create(
            kind="overseer", body=county, area=county.area, defaults={"title": "监督员"}
        )
        person, new = Person.objects.get_or_create(username=username, defaults={"name": "唐监督"})
        if new:
            person.set_password(PASSWORD)
            person.save()
            Appointment.objects.create(person=person, post=post, from_on=date(2026, 1, 1))
        self.cast.people[username] = person
        return self.cast.actor(username)

    def extending(self, **rest: Any) -> Matter:
        """吴城管 asks 冯主任 for three more days."""
        return service.ask_extension(self.handling(**rest), days=3, why="配件要从外地发来", by=self.cast.actor("wu"))

    def carried(self, **rest: Any) -> Matter:
        """冯主任 carries it over for twenty days."""
        day = clock.today() + timedelta(days=20)
        return service.carry(
            self.handling(**rest), reason="season", why="等开春化冻", review_on=day, by=self.cast.actor("feng")
        )

    def merged(self, **rest: Any) -> Matter:
        """Merged by 李调度 into another that 吴城管 is working on."""
        matter = self.raised(**rest)
        service.merge([matter], into=self.handling(), by=self.cast.actor("li"))
        matter.refresh_from_db()
        return matter

    def asked_for(self, **rest: Any) -> Matter:
        """李调度 asks the county whether 槐花社区 may be sent what no list says it owns."""
        why = "灯在小区里，给社区一千元材料费"
        return service.ask_approval(
            self.raised(**rest), to=self.cast.bodies["huaihua"], why=why, by=self.cast.actor("li")
        )

    def helped(self, **rest: Any) -> Matter:
        """吴城管 leads; 槐花社区 is asked to support."""
        return service.ask_help(self.handling(**rest), bodies=[self.cast.bodies["huaihua"]], by=self.cast.actor("li"))

    def answered(self, **rest: Any) -> Matter:
        """Answered by 吴城管."""
        return service.answer(
            self.handling(**rest), outcome=self.outcome, reply="灯头已换，今晚亮了。", by=self.cast.actor("wu")
        )

    def verified(self, **rest: Any) -> Matter:
        """Verified by 王网格员, who went to look."""
        return service.verify(self.answered(**rest), by=self.cast.actor("wang"))

    def closed(self, **rest: Any) -> Matter:
        """Rated by 赵阿姨."""
        return service.rate(self.verified(**rest), satisfaction=5, by=Actor.resident())

    def pressed(self, **rest: Any) -> Matter:
        """郑区长 presses 城管办."""
        return service.press(self.handling(**rest), reason="三天没有动静", by=self.cast.actor("zheng"))

    def silent(self, **rest: Any) -> Matter:
        """Verified twelve days ago; 赵阿姨 has left a telephone and said nothing since: to be called."""
        named: dict[str, Any] = {"visibility": "named", "name": "赵秀英", "phone": "13812345678"}
        with clock.at(clock.now() - timedelta(days=12)):
            return self.verified(**(named | rest))

    def disliked(self, **rest: Any) -> Matter:
        """赵阿姨 says that it is solved, and that she is not satisfied at all."""
        return service.rate(self.verified(**rest), satisfaction=1, by=Actor.resident())

    def taken_up(self, **rest: Any) -> Matter:
        """赵阿姨 says a second time that it is not solved: it went from 城管办 to the county's desk."""
        matter = service.reopen(self.verified(**rest), why="还不亮", by=Actor.resident())
        matter = service.answer(matter, outcome=self.outcome, reply="又去了一趟", by=self.cast.actor("wu"))
        return service.reopen(matter, why="还是不亮", by=Actor.resident())

    def appealed(self, **rest: Any) -> Matter:
        """吴城管 appeals against that."""
        return service.appeal(
            self.disliked(**rest), reason="impossible", note="灯头要等厂家，已当面说明", by=self.cast.actor("wu")
        )

    def task(self, state: str = "given") -> Task:
        """A task 郑区长 gave to 城管办, due in five weeks: given, doing, asked (for a delay), finished or pressed."""
        wu, zheng = self.cast.actor("wu"), self.cast.actor("zheng")
        due_on = clock.today() + timedelta(days=35)
        owner = self.cast.bodies["liulin_urban"]
        task = tasks.give(group="grid", content="把沿街店铺的占道经营清一遍", owner=owner, due_on=due_on, by=zheng)
        if state == "pressed":
            return tasks.press(task, reason="开头就慢", by=zheng)
        if state != "given":
            task = tasks.take_up(task, by=wu)
        if state == "asked":
            return tasks.ask_delay(task, until=due_on + timedelta(days=7), reason="连着下雪", by=wu)
        if state == "finished":
            return tasks.finish(task, evidence="沿街38家都谈过，盲道已清", by=wu)
        return task

    @property
    def raise_reason(self) -> str:
        """The first reason of the list."""
        from linli.mechanisms import rulebook
        from linli.work.matters.rules import RaiseReasons

        return rulebook.current(RaiseReasons).list.items[0].code

    @property
    def outcome(self) -> str:
        """The outcome that counts as solved."""
        from linli.mechanisms import rulebook
        from linli.work.matters.rules import Outcomes

        return next(o.code for o in rulebook.current(Outcomes).list.items if o.counts_as == "solved")
