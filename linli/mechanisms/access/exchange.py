"""Bodies and posts (单位、岗位) from and to a table that an office can fill in: all or nothing, every mistake by its line."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from linli.kernel import text
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import queries, service
from linli.mechanisms.access.actors import Actor
from linli.mechanisms.access.models import Body, Post
from linli.mechanisms.access.rules import Function, Functions
from linli.mechanisms.territory.index import Node

COLUMNS = ("area", "name", "short_name", "functions", "phone", "posts")
"""area: the code of the area it serves. functions and posts: codes of bodies/functions and posts/posts, with spaces between."""
LONGEST = {"name": 80, "short_name": 40, "phone": 20}


class UnreadableError(ValueError):
    """The file is not such a table."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line, and how to mend it."""

    line: int
    sentence: str

    def __str__(self) -> str:
        """As it is printed."""
        return f"第{self.line}行：{self.sentence}"


@dataclass(frozen=True)
class Wanted:
    """One line: a body, and the posts it is to have, each at an area."""

    area: Node
    name: str
    short_name: str
    kind: str
    functions: tuple[str, ...]
    phone: str
    posts: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Done:
    """What an import did."""

    bodies: int
    revised: int
    posts: int


def read(path: Path) -> tuple[list[Wanted], list[Problem]]:
    """Every line, checked against the rulebook and the tree; with problems, nothing may be brought in."""
    wanted: list[Wanted] = []
    problems: list[Problem] = []
    seen: Counter[tuple[int, str]] = Counter()
    for line, row in _rows(path):
        reader = _Reader(line, row)
        found = reader.read()
        if found is not None:
            seen[found.area.id, found.name] += 1
            if seen[found.area.id, found.name] > 1:
                reader.wrong(f"{found.area.name}的“{found.name}”前面已经有一行；合成一行")
            wanted.append(found)
        problems += reader.problems
    return wanted, problems


def bring_in(wanted: Sequence[Wanted], *, by: Actor) -> Done:
    """Establish what is not there yet, revise what differs; the same table again does nothing."""
    made = Counter[str]()
    with transaction.atomic():
        for each in wanted:
            body = Body.objects.filter(area_id=each.area.id, name=each.name).first()
            if body is None:
                body = service.establish_body(
                    name=each.name, short_name=each.short_name, kind=each.kind, area=each.area, functions=each.functions,
                    phone=each.phone, by=by,
                )  # fmt: skip
                made["bodies"] += 1
            elif (body.short_name, tuple(body.functions), body.phone) != (
                each.short_name or each.name[:40],
                each.functions,
                each.phone,
            ):
                service.revise_body(body, short_name=each.short_name, functions=each.functions, phone=each.phone, by=by)
                made["revised"] += 1
            there = set(Post.objects.filter(body=body).values_list("kind", "area_id"))
            for kind, area in each.posts:
                if (kind, area.id) not in there:
                    service.establish_post(kind=kind, body=body, area=area, by=by)
                    made["posts"] += 1
    if made:
        queries.weigh()
    return Done(made["bodies"], made["revised"], made["posts"])


def write(path: Path) -> int:
    """Every body that stands, as a table that can be read back; returns how many."""
    posts: dict[int, set[str]] = {}
    for body, kind in Post.objects.values_list("body_id", "kind"):
        posts.setdefault(body, set()).add(kind)
    rows = Body.objects.filter(valid_to=None).select_related("area").order_by("level", "area__path", "name")
    lines = (
        (b.area.code, b.name, b.short_name, " ".join(b.functions), b.phone, " ".join(sorted(posts.get(b.pk, ()))))
        for b in rows
    )
    return _write(path, lines)


def draft(path: Path) -> int:
    """底稿 — a line for every function at every place where there usually is such a body, under its usual name.

    To be corrected by people who know: what comes out of here is a question to each county, not a fact about it.
    """
    functions = [each for each in rulebook.current(Functions).list.items if each.usual]
    return _write(path, (line for level in (1, 2, 3, 4) for line in _drafted(level, functions)))


_DESKS = {1: ("city_dispatcher",), 2: ("county_dispatcher",), 3: ("township_dispatcher",)}
_COMMITTEE = ("community_secretary", "community_clerk", "grid_worker")


def _drafted(level: int, functions: Sequence[Function]) -> Iterator[tuple[str, ...]]:
    kinds = queries.post_kinds()
    for area in territory.areas(level):
        if area.functional:
            continue
        bodies: dict[str, list[str]] = {}
        for each in functions:
            usual = each.usual.get(str(level))  # type: ignore[call-overload]  # The keys are levels in words.
            if level in each.levels and usual:
                called = _committee(area) if level == 4 else f"{area.name}{usual}"
                bodies.setdefault(called, []).append(each.code)
        for called, codes in bodies.items():
            desk = "governance-centre" in codes
            posts = _COMMITTEE if level == 4 else _DESKS[level] if desk else ("department_handler", "department_head")
            short = area.name if level == 4 else called
            yield area.code, called, short, " ".join(codes), "", " ".join(post for post in posts if post in kinds)


def _committee(area: Node) -> str:
    return f"{area.name}{'居民' if area.kind == 'community' else '村民'}委员会"


def _write(path: Path, lines: Iterator[tuple[str, ...]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # A spreadsheet must see that it is UTF-8.
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for line in lines:
            table.writerow(line)
            count += 1
    return count


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines by the number a spreadsheet gives them. Spreadsheets in China write GB 18030 as often as UTF-8."""
    raw = path.read_bytes()
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            content = raw.decode("gb18030")
        except UnicodeDecodeError:
            raise UnreadableError(f"{path} 读不懂；请另存为 UTF-8 的 CSV。") from None
    table = csv.DictReader(io.StringIO(content, newline=""))
    missing = [name for name in ("area", "name") if name not in (table.fieldnames or ())]
    unknown = [name for name in table.fieldnames or () if name not in COLUMNS]
    if missing or unknown:
        what = f"缺少列 {'、'.join(missing)}" if missing else f"不认识列 {'、'.join(map(str, unknown))}"
        raise UnreadableError(f"{path} {what}；第一行应是 {','.join(COLUMNS)}。")
    for row in table:
        if any(value for value in row.values() if isinstance(value, str)):
            yield (
                table.line_num,
                {name: text.clean(value or "").strip() for name, value in row.items() if isinstance(name, str)},
            )


class _Reader:
    """One line."""

    def __init__(self, line: int, row: dict[str, str]) -> None:
        self.line, self.row = line, row
        self.problems: list[Problem] = []

    def wrong(self, sentence: str) -> None:
        """Note a problem and go on: all of them are said at once."""
        self.problems.append(Problem(self.line, sentence))

    def read(self) -> Wanted | None:
        """The line, or None if it is not even known where."""
        row = {name: self.row.get(name, "") for name in COLUMNS}
        area = territory.by_code(row["area"])
        if area is None:
            self.wrong(f"没有代码是“{row['area']}”的区域；用 linli territory export 看现有的代码")
            return None
        if not row["name"]:
            self.wrong("没有写单位全称")
        for column, most in LONGEST.items():
            if len(row[column]) > most:
                self.wrong(f"{column} 太长，最多 {most} 个字")
        functions = self._functions(row["functions"], area)
        kind = functions[0].kind if functions else "government"
        posts = tuple(self._posts(row["posts"], area))
        codes = tuple(each.code for each in functions)
        return Wanted(area, row["name"], row["short_name"], kind, codes, row["phone"], posts)

    def _functions(self, written: str, area: Node) -> list[Function]:
        found = []
        held = rulebook.current(Functions).list
        for code in dict.fromkeys(written.split()):
            each = held.find(code)
            if each is None:
                self.wrong(f"没有“{code}”这项职能；可用的有 {'、'.join(item.code for item in held.items)}")
            elif area.level not in each.levels:
                self.wrong(f"“{each.name}”不设在{area.name}这一级")
            else:
                found.append(each)
        return found

    def _posts(self, written: str, area: Node) -> Iterator[tuple[str, Node]]:
        """At the body's own area; a kind that only stands lower, such as a grid worker, at every area just below."""
        kinds = queries.post_kinds()
        for code in dict.fromkeys(written.split()):
            kind = kinds.get(code)
            if kind is None:
                self.wrong(f"没有“{code}”这种岗位；可用的有 {'、'.join(kinds)}")
            elif area.level in kind.levels:
                yield code, area
            elif area.level + 1 in kind.levels:
                yield from ((code, each) for each in territory.children(area.id) if not each.functional)
            else:
                self.wrong(f"“{kind.name}”不设在{area.name}这一级或下一级")
