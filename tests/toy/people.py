"""Three of the cast, as actors, without the database: 李调度 and 吴城管 may do everything with toys, 钱路人 nothing."""

from linli.mechanisms.access import Actor

POWERS = frozenset({"toy.register", "toy.take", "toy.finish", "toy.reopen", "toy.add"})


def _staff(person_id: int, name: str, title: str, body: str, powers: frozenset[str]) -> Actor:
    return Actor(
        "staff", name=name, person_id=person_id, post="toy", title=title, body_name=body, scope="all", powers=powers
    )


LI = _staff(1, "李调度", "调度员", "柳林街道", POWERS)
WU = _staff(2, "吴城管", "办理人", "柳林街道城管办", POWERS)
QIAN = _staff(3, "钱路人", "调度员", "杏花镇", frozenset())
