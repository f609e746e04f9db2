"""今天的几件 — a dozen matters around the cast, brought by the real services to where each of them finds work."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from linli.kernel import clock
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Person
from linli.work.matters import queries, service
from linli.work.matters.rules import DifferReasons, Outcomes, RaiseReasons
from linli.work.matters.service import Report

if TYPE_CHECKING:
    from linli.work.matters.models import Matter

STEPS = ("raise_up", "raise_higher", "assign", "accept", "answer", "verify", "rate")
FRESH = (
    # What a resident says, and after how many of STEPS it stands today.
    ("楼道里堆满了旧家具，搬东西都过不去", 0),
    ("小区门口的路灯坏了三天，晚上看不见路", 0),
    ("楼上半夜总是拖椅子，老人睡不好", 0),
    ("3号楼下的垃圾桶满了两天没人清", 0),
    ("广场舞音响太大，孩子没法写作业", 1),
    ("小区里的流浪狗追孩子，怕咬着人", 1),
    ("学校门口放学时三轮车乱停，车过不去", 2),
    ("烧烤摊占了人行道，油烟熏得楼上不敢开窗", 2),
    ("沿街店铺把货摆到盲道上", 3),
    ("菜摊占道经营，早上公交车进不来", 3),
    ("夜市摊点收摊后一地油污", 4),
    ("人行道上小广告贴满了电线杆", 5),
    ("流动摊贩堵着小区大门", 6),
    ("店外经营占了停车位", 7),
)
WAITING = (
    # After it was assigned, or accepted: what stops its clock.
    ("绿化带里倒了一棵小树，挡着半边路", 3, "object"),
    ("店招太旧了褪了色，街上难看", 4, "ask_extension"),
    ("人行道的砖拱起来了，老人走路绊脚", 4, "carry"),
)
SAME = ("东门的路灯一闪一闪的，晃得眼睛疼", "小区东门路灯老是闪，晚上晃眼", "东门那盏路灯一亮一灭，孩子不敢走")
"""Three neighbours about one lamp; merged by 李调度."""
SEVERAL = ("小广场地砖翘了，旁边还有人占道卖烧烤", ("把翘起来的地砖补平", "劝离占道的烧烤摊"))
"""What two bodies must see to: split."""
HELPED = "河边步道的栏杆晃，孩子趴上去危险"
URGED = (7, 9)
"""Whose residents ask for haste."""
TRIED = "上门劝过两回，还是照旧，我们没有权处罚。"
PURPOSE = "电话问清在哪个门口"
SPOKEN = "问清在南门，下午去看。"
REPLY = "已经劝离并立了牌，早晚各巡一遍，您再看看。"


def tell(community_id: int) -> int:
    """Make them, spread over the last day and a half; returns how many."""
    people = {name: actor(name) for name in ("wang", "zhou", "li", "wu", "feng")}
    grid = people["wang"].area_id
    spot = territory.queries.centre(grid) if grid else None
    now = clock.now()
    _together(community_id, grid, spot, people, now)
    told = (*((said, steps, "") for said, steps in FRESH), *WAITING)
    for place, (said, steps, waits) in enumerate(told):
        began = now - timedelta(minutes=25 + 9 * place + 90 * steps)
        with clock.at(began):
            phone = f"1380543{place:04d}" if place % 2 else ""  # 示意: nobody's.
            report = Report(
                text=said, key=f"demo-{community_id}-{place:04d}", area_id=grid, point=spot, channel="page",
                visibility="pseudonym" if phone else "anonymous", phone=phone,
            )  # fmt: skip
            matter = service.register(report, by=Actor.stranger()).matter
        for number, step in enumerate(STEPS[:steps], start=1):
            with clock.at(began + timedelta(minutes=80 * number)):
                matter = _do(step, matter, people)
                if step == "accept" and phone:
                    service.reveal(matter, purpose=PURPOSE, by=people["wu"])
                    matter.refresh_from_db()
                    matter = service.contact(
                        matter, means="phone", reached=True, said=SPOKEN, said_at=clock.now(), by=people["wu"]
                    )
        if place in URGED:
            with clock.at(began + timedelta(minutes=80 * steps + 5)):
                matter = service.urge(matter, by=Actor.resident())
        if waits:
            with clock.at(began + timedelta(minutes=80 * steps + 10)):
                _wait(waits, matter, people)
    return len(told) + len(SAME) + 2


def _together(community_id: int, grid: int | None, spot: Any, people: dict[str, Actor], now: datetime) -> None:
    """Three merged into one, one split in two, one that a village supports."""
    made = []
    for place, said in enumerate((*SAME, SEVERAL[0], HELPED)):
        with clock.at(now - timedelta(hours=20, minutes=7 * place)):
            report = Report(
                text=said, key=f"demo-together-{community_id}-{place}", area_id=grid, point=spot, channel="page",
                visibility="pseudonym", phone=f"1380543{900 + place:04d}", public=True,
            )  # fmt: skip
            made.append(service.register(report, by=Actor.stranger()).matter)
    for place, matter in enumerate(made):
        for number, step in enumerate(STEPS[:2]):
            with clock.at(now - timedelta(hours=16 - number, minutes=7 * place)):
                made[place] = matter = _do(step, matter, people)  # noqa: PLW2901  It goes on from there.
    first, *others = made[: len(SAME)]
    several, helped = made[len(SAME) :]
    ours = next(body for body in queries.bodies_for(helped) if body.pk == people["wu"].body_id)
    village = next(body for body in queries.bodies_for(helped) if body.pk == people["zhou"].body_id)
    with clock.at(now - timedelta(hours=5)):
        service.merge(others, into=_assign(first, people), by=people["li"])
        service.split(several, into=[service.Wanted(what, ours) for what in SEVERAL[1]], by=people["li"])
        service.ask_help(_assign(helped, people), bodies=[village], by=people["li"])


def actor(username: str) -> Actor:
    person = Person.objects.get(username=username)
    appointment, lent = access.appointments_of(person)[0]
    return access.actor_for(person, appointment, on_behalf_of=lent)


def _do(step: str, matter: "Matter", people: dict[str, Actor]) -> "Matter":  # noqa: PLR0911  One line per step.
    reason = rulebook.current(RaiseReasons).list.items[0].code
    match step:
        case "raise_up":
            return service.raise_up(matter, reason=reason, tried=TRIED, by=people["wang"])
        case "raise_higher":
            return service.raise_up(matter, reason=reason, tried=TRIED, by=people["zhou"])
        case "assign":
            return _assign(matter, people)
        case "accept":
            return service.accept(matter, by=people["wu"])
        case "answer":
            solved = next(each.code for each in rulebook.current(Outcomes).list.items if each.counts_as == "solved")
            return service.answer(matter, outcome=solved, reply=REPLY, by=people["wu"])
        case "verify":
            return service.verify(matter, by=people["wang"])
        case _:
            return service.rate(matter, satisfaction=5, by=Actor.resident())


def _wait(how: str, matter: "Matter", people: dict[str, Actor]) -> None:
    match how:
        case "object":
            others = [each for each in queries.bodies_for(matter) if each.pk != matter.handler_id and each.level <= 3]
            service.object_to(
                matter,
                reason="not-our-duty",
                note="树在绿化带里，养护有专门的单位。",
                believed=others[0],
                by=people["wu"],
            )
        case "ask_extension":
            service.ask_extension(matter, days=3, why="新店招要量尺寸定做，三天后到货。", by=people["wu"])
        case _:
            day = clock.today() + timedelta(days=60)
            service.carry(
                matter, reason="season", why="地已经上冻，开春化冻以后整段重铺。", review_on=day, by=people["feng"]
            )


def _assign(matter: "Matter", people: dict[str, Actor]) -> "Matter":
    ours = next(body for body in queries.bodies_for(matter) if body.pk == people["wu"].body_id)
    proposed = queries.proposal_for(matter).body
    differs = (
        "" if proposed is not None and proposed.pk == ours.pk else rulebook.current(DifferReasons).list.items[0].code
    )
    return service.assign(matter, to=ours, by=people["li"], differs=differs)
