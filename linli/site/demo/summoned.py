"""几次吹哨 — whistles of the cast's own subdistrict, by the real services: one to answer, one agreed with a meeting, one to judge."""

from datetime import timedelta

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.site.demo import fresh
from linli.work.whistles import queries, service
from linli.work.whistles.service import Called

STORIES = (
    # What is called for, how, how many minutes ago, and how far it has come.
    ("沿街商铺阁楼住人，堵了消防通道，请一起上门查封", "joint_enforcement", 200, "done"),
    ("夜市摊点占了公交车道，劝过几回又摆回来", "hot_issue", 120, "agreed"),
    ("大风吹倒一棵杨树，压着电线，请马上来切树、断电", "emergency", 6, "sounded"),
)


def tell(community_id: int) -> int:
    """Sound them; returns how many."""
    li, wu = fresh.actor("li"), fresh.actor("wu")
    now = clock.now()
    for place, (what, kind, ago, until) in enumerate(STORIES):
        began = now - timedelta(minutes=ago)
        with clock.at(began):
            whistle = service.sound(
                kind=kind, area_id=community_id, called=_called(community_id, wu, li), what=what, place_text="南门路口",
                key=f"demo-{place}", by=li,
            )  # fmt: skip
        if until == "sounded":
            continue
        with clock.at(began + timedelta(minutes=20)):
            whistle = service.arrive(service.acknowledge(whistle, by=wu), by=wu)
        with clock.at(began + timedelta(minutes=40)):
            whistle = service.agree(whistle, plan="城管办今天清理，区里的单位三天内复查。", by=li)
        if until == "done":
            with clock.at(began + timedelta(minutes=90)):
                whistle = service.report(whistle, action="已经清理，贴了告知书。", by=wu)
                said = dict.fromkeys((each.body_id for each in queries.called_by(whistle)), "见办理经过。")
                service.conclude(whistle, conclusion="通道已经清开。", bodies=said, by=li)
        else:
            bodies = [each.body for each in queries.called_by(whistle)]
            service.convene(
                area_id=community_id, topic="夜市摊点怎么管：划线、清扫、收摊时间", starts_at=(now + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0),
                place_text="街道二楼会议室", bodies=bodies, key="demo-meeting", by=li, whistle=whistle,
            )  # fmt: skip
    return len(STORIES)


def _called(community_id: int, wu: Actor, li: Actor) -> list[Called]:
    """城管办, and one body of the district."""
    bodies = queries.callable_at(community_id, by=li)
    ours = [body for body in bodies if body.pk == wu.body_id]
    districts = sorted(
        (body for body in bodies if body.level == 2), key=lambda body: "traffic-police" not in body.functions
    )
    return [Called(body) for body in (*ours, *districts[:1])]
