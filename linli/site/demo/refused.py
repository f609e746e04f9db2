"""不归这里办的几件 — by the real services: one to confirm, one to look at again, and last month's with their sample."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Appointment, Body, Person, Post
from linli.mechanisms.journal import seals
from linli.site.demo import fresh
from linli.work.matters import queries, service
from linli.work.matters.service import Report

LONG_AGO = (
    # Of last month: what was said, the ground, the words for the resident, where to go.
    ("法院判了，对方还是不给钱", "litigation", "判决要由法院执行，街道没有这个权。请到法院申请强制执行。", ""),
    ("厂里拖了两个月工资，劳动合同也不给", "arbitration", "拖欠工资先走劳动仲裁，不收费。", ""),
    ("想要一份前年旧改的验收报告", "information", "这是政府信息公开申请，请向制作报告的单位提。", ""),
    ("网上买的电动车电池不退不换", "beyond", "这是消费纠纷，请打12315。", ""),
    ("房东不退押金，想让街道判", "litigation", "押金的事可以请人民调解，调不成的到法院起诉。", ""),
    ("加班费一直没给，厂里说没有", "arbitration", "加班费先走劳动仲裁，不收费。", ""),
    ("要看街道去年的预算表", "information", "预算已经公开；没有公开的部分，请提信息公开申请。", ""),
    ("网购的冰箱不制冷，商家不管", "beyond", "这是消费纠纷，请打12315。", ""),
    ("邻居家的案子还在法院，请街道作证", "litigation", "案子在法院的，作证由法院通知。", ""),
    ("对规划许可不服，请街道撤了", "review", "行政许可可以申请行政复议，六十日内提出。", ""),
    ("对公安的处罚决定不服", "review", "处罚决定可以申请行政复议，六十日内提出。", ""),
)
NOW = (
    (
        "高速公路出口的大货车整夜鸣笛，睡不着",
        "hotline",
        "高速公路归省里的单位管，已请12345热线转给他们办。",
        "",
        "excluded",
    ),
    ("楼上装修队欠我三千块工钱，不想打官司", "arbitration", "工钱的事先走劳动仲裁，不收费。", "", "proposed"),
    ("跟邻居为墙的事打了官司，请街道再判一次", "litigation", "已经起诉的由法院裁判，街道不能再判。", "", "looked"),
    ("物业费涨价，业主都没有同意", "beyond", "物业费由业主和物业约定。", "", "overturned"),
)


def last_month() -> datetime:
    """The morning of a day of last month on which some of this happened."""
    first = clock.today().replace(day=1)
    day = (first - timedelta(days=1)).replace(day=20)
    return datetime.combine(day, time(9, 30), tzinfo=clock.CITY)


def tell(community_id: int) -> int:
    """Make them, with a second dispatcher and an overseer, whom the plan of posts does not have; returns how many."""
    li, jiang = fresh.actor("li"), fresh.actor("jiang")
    _seat("ma", "马调度", "township_dispatcher", "调度员", li)
    _seat("tang", "唐监督", "overseer", "监督员", jiang)
    began = last_month()
    for place, (said, ground, words, channel) in enumerate(LONG_AGO):
        _exclude(
            f"demo-old-{place}",
            said,
            (ground, words, channel),
            at=began + timedelta(hours=place),
            community_id=community_id,
        )
    system = Actor.system("timers")
    seals.seal_now()  # What is long ago is sealed.
    service.draw(began.date().replace(day=1), by=system)
    _judge()
    now = clock.now()
    for place, (said, ground, words, channel, until) in enumerate(NOW):
        at = now - timedelta(minutes=190 + 7 * place)
        _exclude(f"demo-new-{place}", said, (ground, words, channel), at=at, community_id=community_id, until=until)
    return len(LONG_AGO) + len(NOW)


def _exclude(
    key: str, said: str, ground: Sequence[str], *, at: datetime, community_id: int, until: str = "excluded"
) -> None:
    """Registered at the community, raised to the township, proposed by one and confirmed by another."""
    reason, words, channel = ground
    with clock.at(at):
        report = Report(
            text=said, key=f"{key}-{community_id}", area_id=community_id, visibility="pseudonym", phone="13805430000"
        )
        matter = service.register(report, by=Actor.stranger()).matter
    with clock.at(at + timedelta(minutes=20)):
        zhou = fresh.actor("zhou")
        matter = service.raise_up(matter, reason="no-power", tried="听他说完，社区没有这个权。", by=zhou)
    with clock.at(at + timedelta(minutes=50)):
        matter = service.propose_exclusion(matter, reason=reason, said=words, channel=channel, by=fresh.actor("li"))
    if until == "proposed":
        return
    with clock.at(at + timedelta(minutes=90)):
        matter = service.exclude(matter, by=fresh.actor("ma"))
    if until == "excluded":
        return
    with clock.at(at + timedelta(minutes=120)):
        matter = service.ask_second_look(matter, why="我要的不是这个，请再看看。", by=Actor.resident())
    if until == "overturned":
        with clock.at(at + timedelta(minutes=150)):
            why = "涨价没有公示、没有表决，属于街道监督物业的职责，应当受理。"
            service.look_again(matter, stands=False, why=why, by=fresh.actor("jiang"))


def _judge() -> None:
    """The overseer has looked at all but one of them."""
    tang = fresh.actor("tang")
    waiting = queries.visible_to(tang).filter(exclusions__sample__isnull=False, exclusions__sample__found_at=None)
    for matter in list(waiting.order_by("number"))[1:]:
        service.find(matter, rightly=True, why="理由、渠道都对，居民也看得明白。", by=tang)


def _seat(username: str, name: str, kind: str, title: str, beside: Actor) -> None:
    """One more person at the desk of somebody of the cast."""
    assert beside.body_id is not None
    assert beside.area_id is not None
    body = Body.objects.get(pk=beside.body_id)
    post, _new = Post.objects.get_or_create(kind=kind, body=body, area_id=beside.area_id, defaults={"title": title})
    person = Person.objects.create(
        username=username, name=name, phone="0543-6000000", password="!demo", joined_at=clock.now()
    )
    Appointment.objects.create(person=person, post=post, from_on=date(clock.today().year, 1, 1))
