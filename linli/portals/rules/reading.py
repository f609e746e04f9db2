"""A list made ready to read: items as rows, codes as names with links, everything in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext

from linli.kernel.calendar import Limit
from linli.kernel.rules import Reference, RuleItem, RuleList, RuleRef
from linli.mechanisms import rulebook
from linli.mechanisms.rulebook import queries
from linli.mechanisms.rulebook.queries import Edition

SECTIONS = {
    "matters": gettext_lazy("诉求"),
    "whistles": gettext_lazy("吹哨报到"),
    "lists": gettext_lazy("事由和代码"),
    "bodies": gettext_lazy("单位"),
    "posts": gettext_lazy("岗位和权限"),
    "territory": gettext_lazy("区划"),
    "calendar": gettext_lazy("工作日历"),
    "hotline": gettext_lazy("热线对接"),
    "sms": gettext_lazy("短信"),
    "opendata": gettext_lazy("公开数据"),
}
LABELS = {
    "number": gettext_lazy("编号"), "help": gettext_lazy("说明"), "words": gettext_lazy("常见说法"),
    "examples": gettext_lazy("例子"), "group": gettext_lazy("大类"), "request_class": gettext_lazy("性质"),
    "risk": gettext_lazy("风险"), "public": gettext_lazy("默认公开"), "solvable_at": gettext_lazy("通常哪一级能解决"),
    "function": gettext_lazy("承办职能"), "is_report": gettext_lazy("属于举报"), "category": gettext_lazy("类别"),
    "outranks": gettext_lazy("压过类别时限"), "settle": gettext_lazy("网格员处理"), "triage": gettext_lazy("派单"),
    "accept": gettext_lazy("受理"), "contact": gettext_lazy("联系诉求人"), "handle": gettext_lazy("办理答复"),
    "verify": gettext_lazy("核实"), "rate": gettext_lazy("等待评价"), "community": gettext_lazy("村居"),
    "township": gettext_lazy("乡镇街道"), "county": gettext_lazy("县区"), "city": gettext_lazy("市"),
    "channel": gettext_lazy("正确渠道"), "phone": gettext_lazy("电话"), "counts_as": gettext_lazy("是否算解决"),
    "rank": gettext_lazy("等级"), "score": gettext_lazy("分值"), "bad": gettext_lazy("差评"),
    "levels": gettext_lazy("层级"), "level": gettext_lazy("层级"), "kind": gettext_lazy("类型"),
    "usual": gettext_lazy("通常叫法"), "scope": gettext_lazy("范围"), "powers": gettext_lazy("权限"),
    "first": gettext_lazy("放假首日"), "last": gettext_lazy("放假末日"), "make_up": gettext_lazy("上班的周末"),
    "suffixes": gettext_lazy("名称后缀"), "functional": gettext_lazy("功能区"), "titles": gettext_lazy("称谓"),
    "confirm": gettext_lazy("确认不予受理"), "second_look": gettext_lazy("复核"), "urge": gettext_lazy("多久可以再催"),
    "where": gettext_lazy("到哪里"), "names_channel": gettext_lazy("要写明找谁"), "for_danger": gettext_lazy("说到危险时可用"),
    "percent": gettext_lazy("百分之几"), "least": gettext_lazy("至少几件"),
    "acknowledge": gettext_lazy("多久内回应"), "arrive": gettext_lazy("多久内到场"),
    "json_name": gettext_lazy("接口里的名称"), "required": gettext_lazy("必须有"), "also": gettext_lazy("别的叫法"),
    "theirs": gettext_lazy("热线的叫法"), "value": gettext_lazy("取值"), "text": gettext_lazy("字句"),
    "template": gettext_lazy("运营商的模板编号"), "from_hour": gettext_lazy("从几点"), "until_hour": gettext_lazy("到几点"),
    "most": gettext_lazy("最多"),
}  # fmt: skip
WORDS = {
    ("solvable_at", "grid"): gettext_lazy("网格"), ("solvable_at", "community"): gettext_lazy("村居"),
    ("solvable_at", "township"): gettext_lazy("乡镇街道"), ("solvable_at", "county"): gettext_lazy("县区"),
    ("solvable_at", "city"): gettext_lazy("市"), ("counts_as", "solved"): gettext_lazy("算"),
    ("counts_as", "neutral"): gettext_lazy("不算也不扣"), ("counts_as", "unsolved"): gettext_lazy("不算"),
    ("scope", "area"): gettext_lazy("岗位所在区域及以下"), ("scope", "body"): gettext_lazy("派给本单位的"),
    ("scope", "own"): gettext_lazy("只限自己的"), ("kind", "government"): gettext_lazy("政府"),
    ("kind", "party"): gettext_lazy("党组织"), ("kind", "self_government"): gettext_lazy("群众自治组织"),
    ("kind", "company"): gettext_lazy("企业"), ("kind", "emergency"): gettext_lazy("紧急情况"),
    ("kind", "legal"): gettext_lazy("有法定渠道"), ("kind", "repeat"): gettext_lazy("重复、没有新情况"),
    ("kind", "secret"): gettext_lazy("涉密、涉隐私"), ("kind", "beyond"): gettext_lazy("超出政府职责"),
    ("kind", "unlawful"): gettext_lazy("违法、违背公序良俗"),
}  # fmt: skip
LEVELS = {1: gettext_lazy("市"), 2: gettext_lazy("县区"), 3: gettext_lazy("乡镇街道"), 4: gettext_lazy("村居"),
          5: gettext_lazy("网格"), 6: gettext_lazy("楼宇")}  # fmt: skip
_AS_SPOKEN = {"words", "examples", "usual", "suffixes", "titles", "also", "theirs"}
_NAMING = ("category", "risk")
"""Fields that tell what a line without a name is for."""
_ON_THE_ROW = {"code", "name", "basis", "status", "reason", "reasons"}


@dataclass(frozen=True)
class Piece:
    """A word, with a link where it is a code of another list."""

    text: str
    href: str = ""
    as_spoken: bool = False
    """Words as residents or offices say them: no page translates them."""


@dataclass(frozen=True)
class Row:
    """One item as shown."""

    code: str
    name: str
    facts: tuple[tuple[str, tuple[Piece, ...]], ...]
    basis: str
    assumed: bool
    reason: str


@dataclass(frozen=True)
class Match:
    """One item that a search found."""

    list_title: str
    code: str
    name: str
    href: str
    assumed: bool


def rows(edition: Edition[RuleList[Any]]) -> Iterator[Row]:
    """The items of a list in order."""
    others = {ref.key: each.list for ref, each in _targets(edition).items()}
    for index, item in enumerate(edition.list.items):
        pointed = {ref.where[2:]: ref for ref in edition.list.references() if ref.where[:2] == ("items", index)}
        yield Row(
            code=item.code,
            name=rulebook.label(item) or _name_by_what_it_points_to(pointed, others) or item.code,
            facts=tuple(_facts(item, pointed, others)),
            basis=item.basis or "",
            assumed=edition.list.is_assumed(item),
            reason=rulebook.label(item, "reason"),
        )


def search(text: str, *, most: int = 60) -> list[Match]:
    """Items of the lists in force whose words contain the text."""
    wanted = text.casefold()
    found: list[Match] = []
    for key, edition in queries.in_force().items():
        for item in edition.list.items:
            if wanted in " ".join(_texts(item.model_dump(mode="json"))).casefold():
                found.append(
                    Match(rulebook.label(edition.list), item.code, rulebook.label(item) or item.code, edition.ref.url(item.code),
                          edition.list.is_assumed(item))
                )  # fmt: skip
                if len(found) >= most:
                    return found
        del key
    return found


def section_of(key: str) -> str:
    """The heading a list stands under."""
    folder = key.partition("/")[0]
    return str(SECTIONS.get(folder, folder))


def _targets(edition: Edition[RuleList[Any]]) -> dict[RuleRef, Edition[Any]]:
    keys = {reference.key for reference in edition.list.references()}
    return {each.ref: each for key, each in queries.in_force().items() if key in keys}


def _facts(
    item: RuleItem, pointed: Mapping[tuple[str | int, ...], Reference], others: Mapping[str, RuleList[Any]]
) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    for field in type(item).model_fields:
        value = getattr(item, field)
        if field in _ON_THE_ROW or field.endswith("_en") or value in (None, (), "", {}):
            continue
        if isinstance(value, str):
            value = rulebook.label(item, field)
        label = str(LABELS.get(field, field))
        if field in {ref[0] for ref in pointed}:
            values = value if isinstance(value, tuple) else (value,)
            places = [(field, number) for number in range(len(values))] if isinstance(value, tuple) else [(field,)]
            pieces = tuple(
                _linked(pointed.get(place), str(each), others) for place, each in zip(places, values, strict=True)
            )
        else:
            pieces = tuple(Piece(text, as_spoken=field in _AS_SPOKEN) for text in _words(field, value))
        yield label, pieces


def _linked(reference: Reference | None, code: str, others: Mapping[str, RuleList[Any]]) -> Piece:
    target = others.get(reference.key) if reference else None
    item = target.find(code) if target else None
    if reference is None or item is None:
        return Piece(code)
    number = queries.version_on(reference.key)
    return Piece(rulebook.label(item) or code, RuleRef(reference.key, number).url(code) if number else "")


def _name_by_what_it_points_to(
    pointed: Mapping[tuple[str | int, ...], Reference], others: Mapping[str, RuleList[Any]]
) -> str:
    """A line without a name of its own is called by what it is for: a category, a risk, both; for neither, everything else."""
    own = _pointed_name(pointed.get(("code",)), others)
    names = [own] if own else [_pointed_name(pointed.get((field,)), others) for field in _NAMING]
    found = gettext("、").join(name for name in names if name)
    return found or (gettext("其余的都按这一条") if not pointed and others else "")


def _pointed_name(reference: Reference | None, others: Mapping[str, RuleList[Any]]) -> str:
    target = others.get(reference.key) if reference else None
    item = target.find(reference.code) if target and reference else None
    return rulebook.label(item) if item else ""


def _words(field: str, value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [word for each in value for word in _words(field, each)]
    if isinstance(value, dict):
        return [
            gettext("%(level)s：%(name)s")
            % {"level": LEVELS.get(int(key), key) if key.isdigit() else key, "name": each}
            for key, each in value.items()
        ]
    if isinstance(value, bool):
        return [gettext("是") if value else gettext("否")]
    if isinstance(value, Limit | timedelta | time):
        return [_wait_words(value)]
    if field in {"level", "levels"}:
        return [str(LEVELS.get(value, value))]
    return [str(WORDS.get((field, str(value)), value))]


def _wait_words(wait: Limit | timedelta | time) -> str:
    if isinstance(wait, time):
        return f"{wait:%H:%M}"
    if isinstance(wait, Limit):
        return rulebook.limit_words(wait)
    n = wait // timedelta(minutes=1)
    return ngettext("%(n)s 分钟", "%(n)s 分钟", n) % {"n": n}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value
