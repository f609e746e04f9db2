"""告知的一生 — the life of a notice to neighbours, from being published until its time is over."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.flow import Lifecycle, Move


class State(TextChoices):
    """状态."""

    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤下")
    ENDED = "ended", _("已到期")


LIFE = Lifecycle(
    "announcements",
    Move("publish", _("发布"), (), State.PUBLISHED, note="只给岗位管辖范围以内的地方；先查有没有个人信息"),
    Move("correct", _("更正"), (State.PUBLISHED,), None, note="成为新的一版，旧的一版还能看", needs="publish"),
    Move("withdraw", _("撤下"), (State.PUBLISHED,), State.WITHDRAWN, note="写明理由，理由公开", needs="publish"),
    Move("end", _("到期"), (State.PUBLISHED,), State.ENDED, note="系统"),
    kind="announcement",
    states=[(state.value, str(state.label)) for state in State],
)
