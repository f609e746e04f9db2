"""督办和评价申诉 — of what 城管办 has: one pressed and answered, one with a yellow card, a rating appealed; by the real services."""

from datetime import timedelta

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.site.demo import fresh
from linli.work.matters import queries, service
from linli.work.matters.flow import State

AGO = timedelta(minutes=12)


def tell() -> int:
    """Press two, answer one, appeal against one; returns how many were touched."""
    zheng, wu = fresh.actor("zheng"), fresh.actor("wu")
    now = clock.now()
    in_hand = list(
        queries.visible_to(wu).filter(state__in=(State.ASSIGNED, State.HANDLING)).order_by("due_at", "id")[:2]
    )
    with clock.at(now - AGO):
        for place, matter in enumerate(in_hand):
            if place:
                service.press(
                    matter, grade="yellow", reason="居民在网上追问了两次，还没有人上门。", skip="临近期限，来不及一级一级来。", by=zheng
                )  # fmt: skip
            else:
                service.press(matter, reason="期限近了，请说清哪天能办完。", by=zheng)
    with clock.at(now - AGO / 2):
        for matter in in_hand[:1]:
            service.respond(matter, said="今天下午上门，办完当天回复居民。", by=wu)
        asked = list(queries.visible_to(wu).filter(state=State.VERIFIED).order_by("-answered_at")[:1])
        for matter in asked:
            rated = service.rate(
                matter, satisfaction=1, comment="占道的是少了，可我要的是一个都没有。", by=Actor.resident()
            )
            service.appeal(
                rated, reason="impossible", note="疏导点经街道批准设立，法规允许限时经营，已当面说明。", by=wu
            )
    return len(in_hand) + len(asked)
