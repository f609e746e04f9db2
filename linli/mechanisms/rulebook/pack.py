"""城市包 — reading a pack's folder: its head, every rule list in it, and all that is wrong with them, at once."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from linli.kernel.rules import RuleList, Words
from linli.mechanisms.rulebook import reading
from linli.mechanisms.rulebook.reading import Lines, Problem
from linli.mechanisms.rulebook.registry import NoSuchListError, declared, schema_of

HEAD = "pack.toml"


class City(BaseModel):
    """The city a pack is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    name_en: Words
    province: Words
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    number_prefix: Annotated[str, StringConstraints(pattern=r"^[一-鿿]{1,2}$")]
    """The character matter numbers begin with: 滨26-0417-0032."""


class Contact(BaseModel):
    """Whom residents and officials can reach beside this platform. Empty where nobody has said yet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hotline: str = ""
    emergency: tuple[str, ...] = ()
    office: str = ""
    office_phone: str = ""
    email: str = ""


class PackHead(BaseModel):
    """pack.toml: what is true of the city and is no rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    city: City
    languages: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]{2,4})?$")], ...]
    contact: Contact = Contact()


@dataclass(frozen=True)
class Source:
    """One list of the pack: where it stands, its text as stored, and what it says."""

    key: str
    file: str
    content: dict[str, Any]
    rules: RuleList[Any]
    lines: Lines


@dataclass
class Pack:
    """A folder as read. With problems it may be shown, and not loaded."""

    folder: Path
    head: PackHead | None = None
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def source(self, key: str) -> Source:
        """One list of the pack by its key."""
        return next(source for source in self.sources if source.key == key)


def read(folder: Path) -> Pack:
    """Read the whole pack and collect everything that is wrong with it."""
    pack = Pack(folder)
    if not folder.is_dir():
        pack.problems.append(Problem(str(folder), 0, "没有这个文件夹", "请给出城市包的文件夹，如 packs/binzhou"))
        return pack
    pack.head = _read_head(folder, pack.problems)
    claimed: dict[str, str] = {}
    unread: set[str] = set()
    for path in _yaml_files(folder, pack.problems):
        file = path.relative_to(folder).as_posix()
        key = file.rpartition(".")[0]
        raw = _bytes(path, file, pack.problems)
        if raw is None:
            unread.add(key)
            continue
        text = reading.read(file, raw)
        pack.problems += text.problems
        if not isinstance(text.value, dict):
            unread.add(key)
            if not text.problems:
                pack.problems.append(
                    Problem(file, 1, "文件不是一张清单", "从 list、title、in_force、basis、status 写起，再写 items")
                )
            continue
        pack.problems += _claims(text.value, file, text.lines, claimed)
        source = _read_list(key, file, text.value, text.lines, pack.problems)
        if source is None:
            unread.add(key)
        else:
            pack.sources.append(source)
    pack.problems += _dangling(pack.sources, unread)
    pack.problems.sort()
    return pack


def read_head(folder: Path) -> PackHead:
    """Only pack.toml. Raises ValueError with every problem."""
    problems: list[Problem] = []
    head = _read_head(folder, problems)
    if head is None or problems:
        raise ValueError("\n".join(str(problem) for problem in problems))
    return head


def _yaml_files(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        file = path.relative_to(folder)
        if any(part.startswith(".") for part in file.parts) or path.suffix not in {".yaml", ".yml"}:
            continue
        if path.is_symlink():
            problems.append(Problem(file.as_posix(), 0, "是一个链接", "把文件本身放进城市包"))
        elif path.is_file():
            yield path


def _bytes(path: Path, file: str, problems: list[Problem]) -> bytes | None:
    if not path.is_file():
        problems.append(Problem(file, 0, "没有这个文件", "补上它；写法见 docs/howto/write-a-city-pack.md"))
        return None
    try:
        if path.stat().st_size > reading.MOST_BYTES:
            size = path.stat().st_size / 1_000_000
            problems.append(Problem(file, 0, f"文件有 {size:.1f} MB，太大", "规则清单不该这么大；请拆成几张清单"))
            return None
        return path.read_bytes()
    except OSError as error:
        problems.append(Problem(file, 0, f"打不开（{error.strerror}）", "请检查文件的权限"))
        return None


def _claims(value: dict[str, Any], file: str, lines: Lines, claimed: dict[str, str]) -> Iterator[Problem]:
    """A file's `list:` and its path agree, and no other file claims the same key."""
    key, said = file.rpartition(".")[0], value.get("list")
    if isinstance(said, str) and said in claimed:
        what = f"清单 {said} 已经写在 {claimed[said]} 里"
        yield Problem(file, lines.of(("list",)), what, "一张清单一个文件；删去或改名其中一个")
    elif isinstance(said, str) and said != key:
        what = f"list 写的是 {said}，文件却放在 {key}"
        yield Problem(file, lines.of(("list",)), what, f"写成 list: {key}，或把文件移到 {said}.yaml")
    claimed.setdefault(said if isinstance(said, str) else key, file)


def _read_list(key: str, file: str, value: dict[str, Any], lines: Lines, problems: list[Problem]) -> Source | None:
    problems += reading.duplicate_codes(file, value, lines)
    try:
        schema = schema_of(key)
    except NoSuchListError:
        close = difflib.get_close_matches(key, list(declared()), n=1, cutoff=0.6)
        mend = f"是不是 {close[0]}.yaml？" if close else f"可用的清单有：{'、'.join(declared())}"
        problems.append(Problem(file, 0, f"没有哪项功能使用名为“{key}”的清单", mend))
        return None
    try:
        rules = schema.model_validate(value)
    except ValidationError as error:
        problems += reading.explain(error, schema, lines, file)
        return None
    return Source(key, file, reading.jsonable(value), rules, lines)


def _dangling(sources: list[Source], unread: set[str]) -> Iterator[Problem]:
    """Codes that point to a list or an item that is not there."""
    lists = {source.key: source.rules for source in sources}
    for source in sources:
        absent: set[str] = set()
        for reference in source.rules.references():
            line = source.lines.of(reference.where)
            target = lists.get(reference.key)
            if target is None:
                # What is wrong with an unread file has been said; a missing one is said once.
                if reference.key not in unread | absent:
                    yield Problem(
                        source.file, line, f"引用了清单 {reference.key}，城市包里没有", f"补上 {reference.key}.yaml"
                    )
                absent.add(reference.key)
            elif reference.code not in target:
                close = difflib.get_close_matches(reference.code, list(target.by_code), n=1, cutoff=0.6)
                mend = f"是不是 {close[0]}？" if close else f"改用 {reference.key}.yaml 里有的代码，或先把它加进去"
                yield Problem(source.file, line, f"“{target.title}”里没有代码 {reference.code}", mend)


def _read_head(folder: Path, problems: list[Problem]) -> PackHead | None:
    raw = _bytes(folder / HEAD, HEAD, problems)
    if raw is None:
        return None
    try:
        text = raw.decode("utf-8-sig")
        value = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(Problem(HEAD, line, "有不是 UTF-8 的文字", "用编辑器“另存为”，编码选 UTF-8"))
        return None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        problems.append(
            Problem(HEAD, int(found[1]) if found else 0, "不合 TOML 的写法", '写成 名称 = "内容"，引号要成对')
        )
        return None
    try:
        return PackHead.model_validate(value)
    except ValidationError as error:
        problems += reading.explain(error, PackHead, _toml_lines(text), HEAD)
        return None


def _toml_lines(text: str) -> Lines:
    """Where the simple tables and keys of pack.toml stand."""
    lines, table = Lines({(): 1}), ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[([\w.-]+)\]", line):
            table = tuple(header[1].split("."))
            lines.at.setdefault(table, number)
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            lines.at.setdefault((*table, key[1]), number)
    return lines
