"""口径 — what each figure of the leader's page counts, and what it leaves out. Shown beside the figure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Definition:
    """One figure in words."""

    key: str
    name: str | Promise
    counts: str | Promise
    short: str | Promise = ""
    """Its name where there is little room."""


ALL = (
    Definition(
        "open",
        _("在办"),
        _(
            "已登记、居民还没有得到答复的诉求，不论在哪一级；已撤回的不算。并案的几件算一件，由主件计；撤回并案的重新计入。拆分的算一件，期限随最晚的一部分。"
        ),
        _("在办"),
    ),
    Definition(
        "overdue",
        _("逾期"),
        _("在办的诉求里，答复期限已过的。期限按规则清单和工作日历计算，暂停的时间不算。"),
        _("逾期"),
    ),
    Definition("answered", _("待核实或待评价"), _("已经答复居民，还没有核实、或居民还没有评价的诉求。"), _("待评价")),
    Definition(
        "solved",
        _("居民说解决了"),
        _(
            "当月评价为“解决了”的诉求（网页和电话回访都算），按评价那天所在的月份计；后来居民又说没解决的、评价申诉成立的，退出统计。并案的只算主件，由主件的反映人说了算；任何一位反映人说没解决，主件就退出统计、重新办理。"
        ),
        _("解决了"),
    ),
    Definition(
        "lapsed",
        _("没有评价就办结"),
        _("当月居民在规定时间内没有评价、由系统办结的诉求；不算“解决了”。"),
        _("没评价"),
    ),
    Definition(
        "unsolved",
        _("没办成就办结"),
        _(
            "“没有评价就办结”里，答复写明的办理结果不算“已解决”的，按那个结果分。居民说解决了的不在内：办没办成，居民说了算。"
        ),
        _("没办成"),
    ),
    Definition("withdrawn", _("撤回"), _("当月居民自己撤回的诉求。"), _("撤回")),
    Definition(
        "raised",
        _("下级解决不了报上来的"),
        _("在办的诉求里，由下一级报上来的，按最近一次上报时选的理由分。"),
        _("报上来"),
    ),
    Definition("again", _("居民说没解决又在办的"), _("在办的诉求里，居民说过“没解决”、重新在办的。"), _("又在办")),
    Definition(
        "levels",
        _("各级化解占比"),
        _("分母：当月居民说解决了的诉求；分子：其中在该级解决的。网格员当场解决的算网格，派单的算派单那一级。"),
    ),
    Definition("satisfaction", _("满意度"), _("当月居民说解决了的诉求的评分（1至5）的平均数；不足30件不显示。")),
)


def by_key(key: str) -> Definition:
    """The definition of a figure."""
    return next(each for each in ALL if each.key == key)
