"""Address pieces no gazetteer holds: buildings, units, rooms, roads and crossings, as people write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from linli.kernel.text import folded

Kind = Literal["dwelling", "crossing", "road"]

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}  # noqa: RUF001 - A Han zero, not a letter.
_HAN_NUMBER = "零〇一二三四五六七八九十两百"
_NUMBER = rf"(?:\d{{1,4}}|[{_HAN_NUMBER}]{{1,4}})"
_GAP = r"[\s,，、-]?"
_UNIT = rf"(?P<unit>{_NUMBER}|[东西中])单元"
_FLOOR = rf"(?P<floor>{_NUMBER})(?:层|楼(?![长道房盘下上顶宇梯]))"
_ROOM = r"(?P<room>\d{3,4})(?:号?[室户房])?(?![\d路])"
_INSIDE = rf"(?:{_GAP}{_FLOOR})?(?:{_GAP}{_ROOM})?"
# 3号楼2单元501 · 3栋201 · 甲5号楼 · A座12层 · 六号院; a bare 3楼 is a building only when a unit follows.
_BUILDING = re.compile(
    rf"(?<![\da-z])(?P<building>[甲乙丙丁东西南北a-z]?{_NUMBER}|[a-z])"
    rf"(?:号楼|号院|#楼?|栋|幢|座|楼(?={_GAP}(?:{_NUMBER}|[东西中])单元))(?:{_GAP}{_UNIT})?{_INSIDE}"
)
_UNIT_ALONE = re.compile(rf"(?<![\d{_HAN_NUMBER}]){_UNIT}{_INSIDE}")
_TRIPLE = re.compile(r"(?<![\d-])(?P<building>\d{1,3})-(?P<unit>\d)-(?P<floor>)(?P<room>\d{3,4})(?![\d-])")
_DWELLINGS = (_BUILDING, _UNIT_ALONE, _TRIPLE)

# A road's name has none of these: they are what stands before it in a sentence.
_NOT_IN_A_NAME = "我你他在的住于到从沿与和及跟至去往这那有个条是了把被靠近到修走过堵让电线上下"
_ROAD = (
    rf"(?:[GSgs]?\d{{1,4}}(?:国道|省道|县道)|(?:(?![{_NOT_IN_A_NAME}])[\u4e00-\u9fff]){{1,5}}?\d{{0,3}}"
    r"(?:路(?![口灯面边上段过])|路(?=口)|路(?=上段)|大街|街(?![道坊边头上])|大道|胡同|巷))"
)
_HOUSE = r"(?:\d{1,4}号(?![楼院线车]))?"
_JOIN = r"(?:与|和|及|跟|、|/|-|\s)?"
_CROSSING = re.compile(rf"(?P<a>{_ROAD}){_JOIN}(?P<b>{_ROAD})(?:的)?(?:交叉口|十字路口|交汇处|交界处|路口|口)?")
_ALONG = re.compile(rf"{_ROAD}{_HOUSE}")
_NO_ROADS = ("马路", "道路", "公路", "铁路", "水路", "门路", "思路", "网路", "小路", "大路", "土路", "水泥路", "柏油路", "半路", "一路", "大街", "小巷", "大道", "逛街", "老路", "套路", "出路", "断头路", "泥路", "村路", "岔路", "主路", "辅路", "盲道路")  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddressPiece:
    """地址片段 — text[start:end] as written, and for a dwelling its numbers in Arabic digits where they were said."""

    start: int
    end: int
    text: str
    kind: Kind
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""


def find_address(text: str) -> list[AddressPiece]:
    """The address pieces of a sentence, in order and without overlaps; a crossing takes its two roads."""
    found: list[AddressPiece] = []
    for piece in (*_dwellings(text), *_crossings(text), *_roads(text)):
        if all(piece.end <= other.start or piece.start >= other.end for other in found):
            found.append(piece)
    return sorted(found, key=lambda piece: piece.start)


def arabic(number: str) -> str:
    """A number as digits: 十二 → 12, 三 → 3, 二〇一 → 201; what is no number stays (甲5, 东, a)."""
    if not number or any(char not in _HAN_NUMBER for char in number):
        return number
    if not set(number) & set("十百"):
        return "".join(str(_DIGITS[char]) for char in number)
    total, digit = 0, 0
    for char in number:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[char]
    return str(total + digit)


def _dwellings(text: str) -> Iterator[AddressPiece]:
    plain = folded(text)
    for pattern in _DWELLINGS:
        for match in pattern.finditer(plain):
            said = {name: arabic(value or "") for name, value in match.groupdict().items()}
            yield AddressPiece(match.start(), match.end(), text[match.start() : match.end()], "dwelling", **said)


def _crossings(text: str) -> Iterator[AddressPiece]:
    for match in _CROSSING.finditer(text):
        if not match["a"].endswith(_NO_ROADS) and not match["b"].endswith(_NO_ROADS):
            yield AddressPiece(match.start(), match.end(), match.group(), "crossing")


def _roads(text: str) -> Iterator[AddressPiece]:
    for match in _ALONG.finditer(text):
        if not match.group().endswith(_NO_ROADS):
            yield AddressPiece(match.start(), match.end(), match.group(), "road")
