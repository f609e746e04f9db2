"""个人信息 — what residents and officials do with a person's data, by the real services: asked, held back, settled."""

from linli.mechanisms.access import Actor
from linli.site.demo.fresh import actor
from linli.work.matters import queries, service
from linli.work.matters.flow import IN_HAND


def tell() -> int:
    """Two requests to delete, a correction, a hold and a settled title, on the newest matters; returns how many."""
    jiang, li = actor("jiang"), actor("li")
    newest = queries.visible_to(li).filter(is_public=True, state__in=IN_HAND).order_by("-registered_at")
    done = 0
    for matter, what in zip(newest[:5], ("erase", "refuse", "correct", "hold", "mask"), strict=False):
        if what in {"erase", "refuse"}:
            row = service.ask_erasure(
                matter, scope="all" if what == "refuse" else "contact", why="", by=Actor.resident()
            )
            if what == "refuse":
                service.refuse(
                    row, reason="open", said="这件事还在办，办的人要照您写的地方去看；办结以后请再申请。", by=jiang
                )
        elif what == "correct":
            service.correct(matter, name="", phone="13900000001", email="", by=Actor.resident())
        elif what == "hold":
            service.hold(matter, reason="物业合同纠纷正在诉讼，材料要留到判决以后（示意）", by=jiang)
        else:
            service.mask(matter, keep=(), hide=(), by=li)
        done += 1
    return done
