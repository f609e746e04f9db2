"""数据字典 — every column of the published table: its name, what it means, what may stand in it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    type: str
    meaning: str


def columns() -> list[Column]:
    """In the order of the file. The names are part of the format and never translated."""
    return [
        Column("period_begins", "date", _("登记的时段，第一天")),
        Column("period_ends", "date", _("登记的时段，最后一天")),
        Column("period", "day | week | month", _("时段有多长：日、周（不跨月）、月")),
        Column("place_code", "string", _("地方的代码")),
        Column("place", "string", _("地方的名称")),
        Column("place_level", "2 | 3 | 4 | 5", _("地方的层级：2 县区、3 乡镇街道、4 村居、5 网格")),
        Column("group", "string", _("类别所在的大类")),
        Column("category_code", "string", _("类别的代码")),
        Column("category", "string", _("类别的名称")),
        Column(
            "channel",
            "string",
            _(
                "从哪里来：page 网页、qr 扫码、phone 电话、counter 窗口、grid 网格员代报、open311 别的系统、hotline 热线"
            ),
        ),
        Column("handled_level", "1 | 2 | 3 | 4 | 5", _("公开时在哪一级：1 市、2 县区、3 乡镇街道、4 村居、5 网格")),
        Column("outcome", "solved | neutral | unsolved", _("办理结果算不算解决；空为还没有答复")),
        Column("days_to_answer", "0-1 | 2-3 | 4-7 | 8-15 | 16+", _("几天后答复；空为还没有答复")),
        Column("answered_in_time", "yes | no", _("是否按期答复；空为还没有答复")),
        Column("reopened", "yes | no", _("居民说没解决、重办过")),
    ]
