"""Hiding what identifies a person (脱敏), and finding it in what people type."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from linli.kernel.codes import is_citizen_number

Kind = Literal["citizen_number", "bank_card", "mobile", "landline", "email", "account", "plate", "name"]

_COMPOUND_SURNAMES = re.findall(
    "..",
    "欧阳上官司马诸葛东方皇甫尉迟公孙慕容令狐宇文长孙司徒司空"
    "夏侯端木百里轩辕南宫独孤淳于单于太史申屠公冶濮阳闾丘东郭呼延",
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐"
    "于时傅皮卞齐康伍余元卜顾孟平黄和穆萧肖尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱丘骆高夏蔡田樊胡凌"
    "霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘斜厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温"
    "别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游"
    "竺权逯盖益桓公仉督晋楚闫法汝鄢涂钦岳帅缑亢况郈有琴商牟佘佴伯赏墨哈谯笪年爱阳佟言福邸苟轷付代覃苑仝门"
)
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"  # As on number plates.
_MASKED_NAME = 3  # A name of nine characters needs no nine stars.


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text that identifies somebody: text[start:end], and what kind it seems to be."""

    start: int
    end: int
    kind: Kind


def mask_name(name: str) -> str:
    """The family name and stars: 赵秀英 → 赵**, 欧阳娜 → 欧阳*, 阿依古丽·买买提 → 阿***. A lone character is hidden."""
    name = name.strip()
    if len(name) < 2:
        return "*" * len(name)
    shown = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:shown] + "*" * min(len(name) - shown, _MASKED_NAME)


def mask_phone(phone: str) -> str:
    """13812345678 → 138****5678; a landline keeps its area code and last two digits; anything shorter is hidden."""
    digits = re.sub(r"[\s-]", "", phone.translate(_HALF_WIDTH)).removeprefix("+86")
    if re.fullmatch(r"1\d{10}", digits):
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) < 7:
        return "*" * len(digits)
    area = re.match(r"0(?:10|2\d|\d{3})", digits)
    shown = area.group() if area else ""
    return f"{shown}{'-' if shown else ''}{'*' * (len(digits) - len(shown) - 2)}{digits[-2:]}"


def mask_number(number: str) -> str:
    """An identity number, card or account: the first four and last two when it is long, the last two otherwise."""
    number = re.sub(r"[\s-]", "", number)
    if len(number) <= 4:
        return "*" * len(number)
    shown = 4 if len(number) >= 12 else 0
    return number[:shown] + "*" * (len(number) - shown - 2) + number[-2:]


def find_personal(text: str) -> list[Span]:
    """Where the text seems to identify somebody, in order, without overlaps; full-width and spaced digits too.

    It errs on the side of finding: a number shaped like an identity number with a wrong check is a mistyped one.
    Names are found only where the writer introduces them (我叫…, 姓名：…), because most surnames are also words.
    """
    folded = text.translate(_HALF_WIDTH)
    taken: list[Span] = []
    for kind, pattern, accept in _PATTERNS:
        for start, end in _hits(pattern, folded, accept):
            if all(end <= span.start or start >= span.end for span in taken):
                taken.append(Span(start, end, kind))
    return sorted(taken, key=lambda span: span.start)


def mask_personal(text: str) -> str:
    """The text with everything `find_personal` finds masked in place."""
    pieces, done = [], 0
    for span in find_personal(text):
        found = text[span.start : span.end]
        pieces += [text[done : span.start], mask_span(found, span.kind)]
        done = span.end
    return "".join(pieces) + text[done:]


def mask_span(found: str, kind: Kind) -> str:
    """One thing that was found, masked as its kind is."""
    return _MASKS.get(kind, mask_number)(found)


def blot_personal(text: str, known: Iterable[str] = ()) -> str:
    """The text with everything `find_personal` finds gone for good, and the names and numbers known to stand in it.

    Masking leaves a family name and seven digits, by which a person can be told; this leaves stars of one length.
    """
    text = blot_known(text, known)
    pieces, done = [], 0
    for span in find_personal(text):
        pieces += [text[done : span.start], BLOT]
        done = span.end
    return "".join(pieces) + text[done:]


def blot_known(text: str, known: Iterable[str]) -> str:
    """The text without these names and numbers."""
    for each in sorted({word.strip() for word in known}, key=len, reverse=True):
        if len(each) > 1:
            text = text.replace(each, BLOT)
    return text


BLOT = "***"


def _hits(pattern: re.Pattern[str], text: str, accept: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        if accept(match.group("it")):
            yield match.span("it")


def _seems_a_citizen_number(found: str) -> bool:
    number = re.sub(r"[ -]", "", found)
    return (
        is_citizen_number(number)
        or re.fullmatch(r"[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]", number)
        is not None
    )


def _passes_luhn(found: str) -> bool:
    digits = [int(char) for char in found if char.isdigit()]
    return (
        sum(sum(divmod(digit * 2, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits))) % 10
        == 0
    )


def _anything(found: str) -> bool:
    return bool(found)


_HALF_WIDTH = str.maketrans(
    {
        code: code - 0xFEE0
        for code in (
            *range(0xFF10, 0xFF1A),
            *range(0xFF21, 0xFF3B),
            *range(0xFF41, 0xFF5B),
            0xFF20,
            0xFF0E,
            0xFF0D,
            0xFF0B,
        )
    }
    | dict.fromkeys((0x3000, 0xA0), " ")
    | dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")
)
_NAME = rf"(?:{'|'.join(_COMPOUND_SURNAMES)}|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}"
_AFTER_A_NAME = r"(?=$|[^\u4e00-\u9fff]|[，。、；！？]|的|住|家|是|电话|手机|身份证|，)"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("citizen_number", re.compile(r"(?<!\d)(?P<it>[1-8](?:[ -]?\d){16}[ -]?[\dXx])(?!\d)"), _seems_a_citizen_number),
    ("bank_card", re.compile(r"(?<!\d)(?P<it>[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?)(?!\d)"), _passes_luhn),
    ("mobile", re.compile(r"(?<!\d)(?P<it>(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)"), _anything),
    ("landline", re.compile(r"(?<!\d)(?P<it>0(?:10|2\d|[3-9]\d\d)[ -]?[2-9]\d{6,7})(?!\d)"), _anything),
    ("email", re.compile(r"(?P<it>[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})"), _anything),
    (
        "account",
        re.compile(
            r"(?:微信|weixin|wechat|qq|vx)号?码?[\s:：是为]{0,3}(?P<it>[A-Za-z0-9][A-Za-z0-9_-]{4,19})(?![A-Za-z0-9_-])",
            re.IGNORECASE,
        ),
        _anything,
    ),
    (
        "plate",
        re.compile(rf"(?P<it>[{_PROVINCES}][A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{{5,6}})(?![A-Za-z0-9])"),
        _anything,
    ),
    ("name", re.compile(rf"(?:我叫|名叫|姓名|联系人)[\s:：是为叫]{{0,3}}(?P<it>{_NAME}){_AFTER_A_NAME}"), _anything),
)
_MASKS: dict[Kind, Callable[[str], str]] = {"mobile": mask_phone, "landline": mask_phone, "name": mask_name}
