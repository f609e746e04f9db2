"""今天的几件 — a dozen matters around the cast, brought by the real services to where each of them finds work."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from PIL import Image, ImageDraw

from linli.engines.documents import pdf
from linli.engines.papers import Paper
from linli.engines.pictures import Picture, accept
from linli.kernel import clock
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Person
from linli.work.matters import printing, queries, service
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
PURPOSE = "电话问清在哪个门口"
SPOKEN = "问清在南门，下午去看。"
TRIED = (
    # What was tried below fits what was said: by a word of the sentence, the last for all others.
    ("路灯", "敲门问过物业，灯归城管办，要登高车，社区没有。"),
    ("灯", "敲门问过物业，灯归城管办，要登高车，社区没有。"),
    ("广场舞", "晚上去劝过两回，声音小了一会儿又大了，要有人能管时段。"),
    ("狗", "喂食点清了，抓不住，要请专门的队伍带笼子来。"),
    ("三轮车", "放学时去站过两天，人一走又乱停，我们没有权处罚。"),
    ("树", "网格员挪不动，要园林的车和锯。"),
    ("砖", "先摆了锥桶，铺砖要施工队，社区没有这笔钱。"),
    ("栏杆", "先拉了警戒带，加固要施工队，社区没有这笔钱。"),
    ("店招", "上门说过，店主愿意换，样式要城管办定。"),
    ("小广告", "铲过一遍，第二天又贴上，要查打电话的人。"),
    ("", "上门劝过两回，还是照旧，我们没有权处罚。"),
)
REPLIES = (
    ("小广告", "电线杆上的已全部铲净、刷了防贴涂层，留的号码已报停，您再看看。"),
    ("流动摊贩", "摊贩已劝到北侧疏导点，小区大门早晚各巡一遍，您再看看。"),
    ("店外经营", "东西已搬回店里，车位让出来了，早晚各巡一遍，您再看看。"),
    ("", "已到现场处理好，早晚各巡一遍，您再看看。"),
)
NOTES = (
    # Beside the matter with this word in it, by whom, what officials tell each other.
    ("夜市", "wu", "收摊时间定在十一点半，今晚十二点去看冲洗没有；摊主代表电话在登记本里。"),
    ("小广告", "wu", "同一号码这个月第三次，号码清单已发给通信管理的人停机。"),
    ("盲道", "li", "残联来问过两次，办结前请拍一张现场照片。"),
    ("栏杆", "li", "步道归水务还是街道，正在翻移交单；先由城管办围挡。"),
)
PAPERS = (
    # Beside the matter with this word in it: the name, for the resident or not, and what is on the paper.
    ("小广告", "清理前后对照.pdf", True, "清理情况说明（示意）", "电线杆 42 根、墙面 6 处已铲净，并刷防贴涂层。"),
    ("店招", "门头尺寸单.pdf", False, "门头尺寸单（示意）", "宽 4.2 米，高 0.9 米，离地 3.1 米；新店招三天后到货。"),
    (
        "人行道的砖",
        "现场勘查记录.pdf",
        False,
        "现场勘查记录（示意）",
        "拱起约 11 平方米，冻胀所致；开春化冻以后整段重铺。",
    ),
)
PICTURED = ("小区门口的路灯", "人行道的砖", "栏杆")
"""Whose residents send a photo."""


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
                visibility="pseudonym" if phone else "anonymous", phone=phone, pictures=_pictures(said),
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
    _put_beside(grid, people)
    return len(told) + len(SAME) + 2


def fitting(said: Sequence[tuple[str, str]], text: str) -> str:
    """The first whose word is in the text."""
    return next(words for word, words in said if word in text)


def _put_beside(grid: int | None, people: dict[str, Actor]) -> None:
    """Notes between officials, and papers for them and for the resident."""
    of_today = list(queries.visible_to(people["li"]).filter(grid_id=grid, parent=None).order_by("-registered_at")[:60])
    for word, who, said in NOTES:
        for matter in [each for each in of_today if word in each.text][:1]:
            service.note(matter, said=said, by=people[who])
    for word, name, for_resident, heading, text in PAPERS:
        for matter in [each for each in of_today if word in each.text][:1]:
            paper = Paper(kind="pdf", data=_paper(matter, heading, text, people["wu"]), name=name)
            service.attach(
                queries.get(people["wu"], matter.number), paper=paper, for_resident=for_resident, by=people["wu"]
            )


def _paper(matter: "Matter", heading: str, text: str, by: Actor) -> bytes:
    """One page, set by the city's own template."""
    said = {
        "title": heading, "heading": heading, "number": matter.number, "state": "", "issuer": by.body_name, "text": text,
        "issued": f"{clock.today():%Y-%m-%d}", "footer": "演示：人和事都是虚构的", "facts": [["诉求", matter.title]], "reply": "",
        "reply_word": "", "steps_word": "", "steps": [], "columns": [], "internal_word": "", "page_word": "第", "note": "",
    }  # fmt: skip
    return pdf(Path(settings.PACK) / printing.TEMPLATE, said, at=clock.now())


def _pictures(said: str) -> tuple[Picture, ...]:
    """A drawing of what is meant, for want of a photo: nobody's street, a lamp that is dark, a fence or bricks askew."""
    if not any(word in said for word in PICTURED):
        return ()
    image = Image.new("RGB", (960, 720), "#28323c" if "灯" in said else "#b9c6cc")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 500, 960, 720), fill="#4b4f52" if "灯" in said else "#8d8578")
    if "灯" in said:
        draw.rectangle((470, 180, 482, 520), fill="#9aa0a3")
        draw.polygon(((482, 180), (600, 190), (600, 206), (482, 196)), fill="#9aa0a3")
        draw.ellipse((585, 200, 625, 222), fill="#5d6468")
        for x in range(60, 400, 80):
            draw.rectangle((x, 260, x + 44, 320), fill="#d9b45b" if x % 160 else "#39434d")
    elif "砖" in said:
        for row in range(4):
            for at in range(14):
                lift = 26 if row == 1 and 5 <= at <= 8 else 0
                draw.rectangle(
                    (at * 70 + row % 2 * 30, 520 + row * 48 - lift, at * 70 + row % 2 * 30 + 64, 562 + row * 48 - lift),
                    fill="#a4664f",
                )
    else:
        draw.rectangle((0, 420, 960, 520), fill="#6f93a0")
        for at in range(20, 940, 60):
            draw.line((at, 560, at + (34 if 400 < at < 560 else 0), 400), fill="#e6e6e6", width=10)
        draw.line((0, 400, 400, 400), fill="#e6e6e6", width=12)
        draw.line((560, 400, 960, 400), fill="#e6e6e6", width=12)
    raw = BytesIO()
    image.save(raw, "JPEG", quality=85)
    return (accept(raw.getvalue(), max_bytes=5_000_000, max_pixels=2_000_000),)


def _together(community_id: int, grid: int | None, spot: Any, people: dict[str, Actor], now: datetime) -> None:
    """Three merged into one, one split in two, one that a village supports."""
    made = []
    for place, said in enumerate((*SAME, SEVERAL[0], HELPED)):
        with clock.at(now - timedelta(hours=20, minutes=7 * place)):
            report = Report(
                text=said, key=f"demo-together-{community_id}-{place}", area_id=grid, point=spot, channel="page",
                visibility="pseudonym", phone=f"1380543{900 + place:04d}", public=True, pictures=_pictures(said),
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
            return service.raise_up(matter, reason=reason, tried=fitting(TRIED, matter.text), by=people["wang"])
        case "raise_higher":
            return service.raise_up(matter, reason=reason, tried=fitting(TRIED, matter.text), by=people["zhou"])
        case "assign":
            return _assign(matter, people)
        case "accept":
            return service.accept(matter, by=people["wu"])
        case "answer":
            solved = next(each.code for each in rulebook.current(Outcomes).list.items if each.counts_as == "solved")
            return service.answer(matter, outcome=solved, reply=fitting(REPLIES, matter.text), by=people["wu"])
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
