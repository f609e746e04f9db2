"""Reading one YAML file of a city pack: its plain values, the line each stands on, and everything wrong with it.

The pack is written by officials in whatever editor they have, and reviewed by people, so only the plain part of
YAML is taken: no anchors, no tags, no guessing. `yes`, `08` and `12:30` stay the text they are. Errors are
collected, not raised, and say the file, the line, what is wrong and how to mend it.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]

MOST_BYTES = 4_000_000
MOST_VALUES = 200_000
DEEPEST = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"^-?(0|[1-9]\d{0,17})$")
_DECIMAL = re.compile(r"^-?(0|[1-9]\d{0,17})\.\d{1,17}$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in the pack, in the words of the official who will mend it. Line 0 is the file as a whole."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file} 第 {self.line} 行" if self.line else self.file
        return f"{place}：{self.what}。改法：{self.mend}。"


@dataclass
class Lines:
    """On which line each value of a file stands."""

    at: dict[Place, int] = field(default_factory=dict)

    def of(self, place: Iterable[str | int]) -> int:
        """The line of a place, or of the nearest place around it."""
        wanted = tuple(place)
        while wanted and wanted not in self.at:
            wanted = wanted[:-1]
        return self.at.get(wanted, 1 if self.at else 0)


@dataclass
class Text:
    """A file as read: its value (None where it could not be), its lines, its problems."""

    value: Any
    lines: Lines
    problems: list[Problem]


class _Stop(Exception):  # noqa: N818  Never leaves this module.
    """Nothing more can be read from this file."""


def read(file: str, raw: bytes) -> Text:
    """Read YAML, taking only plain maps, lists and scalars."""
    text = Text(None, Lines(), [])
    decoded = _decode(file, raw, text.problems)
    if decoded is None:
        return text
    _look_at_characters(file, decoded, text.problems)
    if text.problems:
        return text
    builder = _Builder(file, text)
    try:
        for event in yaml.parse(decoded, Loader=_LOADER):
            builder.take(event)
    except _Stop:
        text.value = None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        text.problems.append(Problem(file, mark.line + 1 if mark else 0, *_syntax(error)))
        text.value = None
    except yaml.YAMLError as error:
        text.problems.append(Problem(file, 0, f"读不懂这个文件（{type(error).__name__}）", "请另存为 UTF-8 纯文本再试"))
        text.value = None
    if text.value is None and not text.problems:
        text.problems.append(
            Problem(file, 0, "文件是空的", "写上 list、title、in_force、basis、status 和 items，或删去这个文件")
        )
    return text


def jsonable(value: Any) -> Any:
    """Plain values as JSON keeps them: dates become ISO text."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def duplicate_codes(file: str, value: Any, lines: Lines) -> Iterator[Problem]:
    """Items of one list that share a code, each with both lines."""
    seen: dict[str, int] = {}
    items = value.get("items") if isinstance(value, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        code = item.get("code") if isinstance(item, dict) else None
        if not isinstance(code, str):
            continue
        line = lines.of(("items", index, "code"))
        if code in seen:
            yield Problem(
                file, line, f"代码 {code} 在第 {seen[code]} 行已经用过", "给其中一个换个代码；代码一经使用不改含义"
            )
        else:
            seen[code] = line


def explain(error: ValidationError, schema: type[BaseModel], lines: Lines, file: str) -> list[Problem]:
    """Pydantic's complaints as sentences with their lines."""
    details = error.errors(include_url=False)
    # A misspelt field is one mistake, not two: it is not missing as well.
    meant = {(*d["loc"][:-1], _meant(schema, d["loc"])) for d in details if d["type"] == "extra_forbidden"}
    problems: list[Problem] = []
    for detail in details:
        if detail["type"] == "missing" and detail["loc"] in meant:
            continue
        if detail["type"] == "duplicate_code" and lines.at:
            continue  # Said by duplicate_codes, with both lines.
        what, mend = _sentence(detail, schema)
        problems.append(Problem(file, lines.of(detail["loc"]), what, mend))
    return problems


# --- Bytes and characters ------------------------------------------------------------------------------------------
def _decode(file: str, raw: bytes, problems: list[Problem]) -> str | None:
    if len(raw) > MOST_BYTES:
        problems.append(
            Problem(
                file,
                0,
                f"文件有 {len(raw) // 1_000_000} MB，超过 {MOST_BYTES // 1_000_000} MB",
                "规则清单不该这么大；请拆成几张清单",
            )
        )
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(
            Problem(
                file,
                line,
                f"第 {error.start + 1} 个字节不是 UTF-8 文字",
                "用编辑器“另存为”，编码选 UTF-8（不是 GBK 或 ANSI）",
            )
        )
        return None


def _look_at_characters(file: str, text: str, problems: list[Problem]) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line:
            problems.append(Problem(file, number, "有制表符（Tab）", "把 Tab 换成空格；缩进用两个空格"))
        elif any(char in _BIDI for char in line):
            problems.append(
                Problem(file, number, "有看不见的方向控制字符，会让文字显示得和内容不一样", "删去这一行，重新手打")
            )
        elif any(unicodedata.category(char) == "Cc" for char in line):
            problems.append(Problem(file, number, "有控制字符", "删去这一行，重新手打"))
        if len(problems) >= 20:
            return


# --- Events into values --------------------------------------------------------------------------------------------
@dataclass
class _Open:
    """A map or list being filled."""

    value: dict[str, Any] | list[Any]
    place: Place
    key: str | None = None
    keys: dict[str, int] = field(default_factory=dict)


class _Builder:
    """Builds plain values from parser events; iteratively, so that depth costs no stack."""

    def __init__(self, file: str, text: Text) -> None:
        self.file, self.text = file, text
        self.open: list[_Open] = []
        self.values = 0
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        assert event.start_mark is not None, "the parser marks every event"
        line = event.start_mark.line + 1
        if getattr(event, "anchor", None) is not None:
            self._stop(
                line, "用了 YAML 的锚点或引用（& 或 *）", "城市包不用引用；把内容照写一遍。文字以 & 或 * 开头时加上引号"
            )
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(line, "一个文件里有不止一份文档（---）", "一张清单一个文件")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.open.pop()
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._check_tag(event.tag, line)
            value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
            self.open.append(_Open(value, self._add(value, line)))
            if len(self.open) > DEEPEST:
                self._stop(line, f"嵌套超过 {DEEPEST} 层", "清单是平的；请核对缩进和括号")
        elif isinstance(event, yaml.ScalarEvent):
            self._check_tag(event.tag, line)
            self._scalar(event, line)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        inside = self.open[-1] if self.open else None
        if inside is not None and isinstance(inside.value, dict) and inside.key is None:
            key = event.value
            if key in inside.keys:
                self.text.problems.append(
                    Problem(self.file, line, f"字段“{key}”写了两次（上一次在第 {inside.keys[key]} 行）", "删去其中一个")
                )
            inside.keys[key] = line
            inside.key = key
            return
        self._add(plain(event.value) if event.style in (None, "") else event.value, line)

    def _add(self, value: Any, line: int) -> Place:
        self.values += 1
        if self.values > MOST_VALUES:
            self._stop(line, f"内容超过 {MOST_VALUES} 项", "规则清单不该这么大；请拆成几张清单")
        if not self.open:
            place: Place = ()
            self.text.value = value
        else:
            inside = self.open[-1]
            if isinstance(inside.value, list):
                place = (*inside.place, len(inside.value))
                inside.value.append(value)
            elif inside.key is None:
                self._stop(line, "字段名不是一个词", "字段名只写一个英文词，后面跟冒号和空格")
            else:
                place = (*inside.place, inside.key)
                line = inside.keys[inside.key]
                inside.value[inside.key] = value
                inside.key = None
        self.text.lines.at.setdefault(place, line)
        return place

    def _check_tag(self, tag: str | None, line: int) -> None:
        if tag is not None:
            self._stop(line, f"用了 YAML 的标签（{tag}）", "删去以 ! 开头的标签；文字以 ! 开头时加上引号")

    def _stop(self, line: int, what: str, mend: str) -> None:
        self.text.problems.append(Problem(self.file, line, what, mend))
        raise _Stop


def plain(text: str) -> Any:  # noqa: PLR0911  One return per kind of word.
    """An unquoted word as the value it plainly is; when in doubt it stays text."""
    if text in {"", "~", "null"}:
        return None
    if text in {"true", "false"}:
        return text == "true"
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return float(text)
    if _DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


# --- Words for what is wrong ---------------------------------------------------------------------------------------
def _syntax(error: yaml.MarkedYAMLError) -> tuple[str, str]:  # noqa: PLR0911  One sentence per kind of mistake.
    problem = error.problem or ""
    if "mapping values are not allowed" in problem:
        return "这一行多了一个冒号，或上一行缩进不对", "文字里有“: ”时给整段加引号；同一层的字段左边对齐"
    if "could not find expected ':'" in problem:
        return "字段名后面没有冒号", "写成“字段: 内容”，冒号用半角，后面留一个空格"
    if "did not find expected key" in problem or "block mapping" in (error.context or ""):
        return "缩进不对，或少了冒号", "同一层的字段左边对齐；条目以“- ”开头"
    if "did not find expected '-' indicator" in problem or "block collection" in (error.context or ""):
        return "条目的缩进不对", "同一张清单的“- ”左边对齐"
    if "unexpected end of stream" in problem or "quoted scalar" in (error.context or ""):
        return "引号或括号没有配对", "补上少的那一半；文字里有引号时用中文引号“”"
    if "alias" in problem or "anchor" in problem:
        return "用了 YAML 的锚点或引用（& 或 *）", "文字以 & 或 * 开头时加上引号"
    if "cannot start any token" in problem:
        return "有一个不能放在词首的字符", "给这段文字加上引号"
    return f"不合 YAML 的写法（{problem or error.context}）", "对照别的清单核对缩进、冒号和引号"


_NAMES = {
    "list": "清单的键", "title": "清单名称", "in_force": "施行日期", "basis": "依据", "status": "状态",
    "reason": "暂定的理由", "items": "条目", "code": "代码", "name": "名称",
}  # fmt: skip


def _field(name: str | int) -> str:
    shown = _NAMES.get(str(name))
    return f"“{name}”（{shown}）" if shown else f"“{name}”"


def _sentence(detail: ErrorDetails, schema: type[BaseModel]) -> tuple[str, str]:  # noqa: C901, PLR0911, PLR0912  One sentence per kind of mistake.
    kind, place, context = detail["type"], detail["loc"], detail.get("ctx", {})
    last = place[-1] if place else ""
    name = _field(last) if isinstance(last, str) else f"第 {last + 1} 项"
    given = _given(detail["input"])
    match kind:
        case "missing":
            remedies = {
                "basis": "写明依据的文件和条款，如：basis: 《滨州市社会治理网格化服务管理条例》第十一条",
                "status": "已由本市确定的写 status: adopted；尚未查到依据的写 status: assumed 并写 reason",
                "in_force": "写施行日期，如 in_force: 2026-01-01",
            }
            return f"缺少{name}", remedies.get(str(last), f"补上一行“{last}: …”")
        case "extra_forbidden":
            known = _fields_at(schema, place[:-1])
            if meant := _meant(schema, place):
                return f"不认识的字段“{last}”，是不是“{meant}”？", f"改成“{meant}”，或删去这一行"
            return f"不认识的字段“{last}”", f"删去这一行；这里可用的字段有：{'、'.join(known)}"
        case "string_type" if isinstance(detail["input"], (int, float, date)):
            return f"{name}要写文字，这里成了{given}", f'加上引号：{last}: "{detail["input"]}"'
        case "string_type":
            return f"{name}要写文字，这里是{given}", "写上文字，不要留空"
        case "string_too_short":
            return f"{name}太短或是空的", f"至少写 {context.get('min_length')} 个字"
        case "string_too_long":
            return f"{name}太长", f"最多 {context.get('max_length')} 个字"
        case "string_pattern_mismatch" if last == "list":
            return f"{name}写的是{given}", "用小写英文路径，和文件路径一致，如 matters/limits"
        case "string_pattern_mismatch":
            return f"{name}{given}不是合适的代码", "只用小写英文字母、数字，词间用 - _ 或 . 连接，如 street-light"
        case "date_type" | "date_parsing" | "date_from_datetime_parsing" | "date_from_datetime_inexact":
            return f"{name}{given}不是一个真实的日期", "写成 年-月-日，如 2026-01-01"
        case "int_type" | "int_parsing" | "int_from_float":
            return f"{name}要写整数，这里是{given}", "只写数字，不带单位和引号"
        case "bool_type" | "bool_parsing":
            return f"{name}要写 true（是）或 false（否），这里是{given}", "改成 true 或 false"
        case "tuple_type" | "list_type" | "set_type" | "frozen_set_type":
            return f"{name}要写成几项，这里是{given}", f"写成 {last}: [甲, 乙]，或每行一个“- 甲”"
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"{name}要写成“字段: 内容”，这里是{given}", "检查缩进，对照别的条目来写"
        case "literal_error" | "enum":
            expected = str(context.get("expected", "")).replace("'", "").replace(" or ", "、").replace(", ", "、")
            close = difflib.get_close_matches(str(detail["input"]), expected.split("、"), n=1, cutoff=0.6)
            hint = f"是不是 {close[0]}？" if close else ""
            return f"{name}{given}不在可选的值里{hint}", f"从这些里选：{expected}"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            limit = context.get("ge", context.get("gt", context.get("le", context.get("lt"))))
            return f"{name}{given}超出范围", f"以 {limit} 为界"
        case "value_error" | "duplicate_code":
            sentence = str(context.get("error", detail["msg"]))
            what, _, mend = sentence.partition("；")
            return what, mend or "照着改正"
    return f"{name}的值{given}不对（{detail['msg']}）", "对照别的清单改正"


def _given(value: Any) -> str:
    if value is None:
        return "空的"
    if isinstance(value, bool):
        return f" {str(value).lower()} "
    if isinstance(value, (int, float)):
        return f"数字 {value} "
    if isinstance(value, date):
        return f"日期 {value} "
    if isinstance(value, str):
        return f"“{value[:40]}”"
    return "一组值" if isinstance(value, (list, tuple)) else "一层字段"


def _meant(schema: type[BaseModel], place: Place) -> str:
    """The field an unknown one was probably meant to be; empty when nothing is near."""
    close = difflib.get_close_matches(str(place[-1]), _fields_at(schema, place[:-1]), n=1, cutoff=0.6)
    return close[0] if close else ""


def _fields_at(schema: type[BaseModel], place: Iterable[str | int]) -> list[str]:
    """The names of the fields the schema has at a place, as written in the file."""
    hint: Any = schema
    for part in place:
        if isinstance(part, int):
            continue
        model = _model_in(hint)
        if model is None:
            return []
        hint = next((f.annotation for name, f in model.model_fields.items() if (f.alias or name) == part), None)
    model = _model_in(hint)
    return [f.alias or name for name, f in model.model_fields.items()] if model else []


def _model_in(hint: Any) -> type[BaseModel] | None:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return hint
    for argument in get_args(hint):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
