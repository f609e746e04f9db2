"""告诉邻居的 — what 彭李街道 tells its neighbours, and how its own page greets: by the real services, at their posts."""

from datetime import datetime, timedelta

from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Person
from linli.work.announcements import service
from linli.work.announcements.service import Written


def tell(community_id: int) -> int:
    """Set the front page, without a picture, and write the notices; returns how many."""
    li, zhou = _actor("li"), _actor("zhou")
    assert li.area_id is not None
    street, community = territory.area(li.area_id), territory.area(community_id)
    service.set_front_page(
        street, welcome="有事说一声，我们接着办。停水、修路、献血，也先在这里告诉您。", alias="pengli", described="", picture=None, by=li,
    )  # fmt: skip
    water = Written(
        "为民社区明天停水", "更换小区主管道的阀门，为民社区各楼停水，请提前存水。来水后先放一会儿再用。", _at(1, 8), _at(1, 17), "0543-0000011",
    )  # fmt: skip
    with clock.at(clock.now() - timedelta(days=1)):
        first = service.publish(water, kind="water", area=community, by=zhou)
    service.correct(
        first, Written(water.title, f"{water.text}时间改到晚上8点以后来水。", water.begins_at, _at(1, 20), water.phone), by=zhou
    )  # fmt: skip
    with clock.at(clock.now() - timedelta(days=3)):
        service.publish(
            Written(
                "黄河五路北半幅修路", "铺雨水管，北半幅封闭，车辆走南半幅；公交站往东挪100米。沿街店铺的门前留着通道。", _at(-3, 7), _at(18, 19), "0543-0000012",
            ), kind="roadworks", area=street, by=li,
        )  # fmt: skip
        gone = service.publish(
            Written("广场舞台检修", "检修舞台的灯和音响，广场暂停使用。", _at(2, 9), _at(3, 18)), kind="other", area=street, by=li
        )  # fmt: skip
    service.publish(
        Written(
            "献血车来街道便民服务中心", "18到55周岁、身体健康的都能来，带身份证。前一晚早睡，早上吃清淡些。", _at(5, 9), _at(5, 16), "0543-0000013",
        ), kind="blood", area=street, by=li,
    )  # fmt: skip
    service.withdraw(gone, reason="检修改期，定了再告知。", by=li)
    return 4


def _at(days: int, hour: int) -> datetime:
    return clock.now().astimezone(clock.CITY).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(
        days=days
    )


def _actor(username: str) -> Actor:
    person = Person.objects.get(username=username)
    appointment, lent = access.appointments_of(person)[0]
    return access.actor_for(person, appointment, on_behalf_of=lent)
