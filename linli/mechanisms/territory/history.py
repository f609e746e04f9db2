"""沿革 — one life for each area, woven from yearly code tables that say only how things stood on a day. No database.

Two tables are matched township by township, in this order, and every link keeps the ground it stands on:

1. same code, same stem of the name: the same area (its committee may be spelled otherwise);
2. the only one of its stem in its township on both days: the same area with another code (改码), or, if a village
   committee became a residents' committee or the reverse, a new area in place of the old (改设);
3. same code, another name: the same area, renamed (更名);
4. ended, and a new unit in the township bears its name, or the name it shared with its numbered siblings: merged (并入);
5. ended otherwise: its successor is not known. Nothing is guessed.

A county or township counts as the same when its code and stem agree, or else its stem alone within its county; when its kind
changes (县 to 市) the old one ends and a new one begins. A change is dated by the first table that shows it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

CITY, COUNTY, TOWNSHIP, VILLAGE = 1, 2, 3, 4

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Table:
    """The code table of one day: names by 12-digit code, city, counties, townships and villages alike."""

    on: date
    names: Mapping[str, str]


@dataclass(slots=True)
class Run(Generic[Value]):
    """What held from one table up to (not including) another; no end means still."""

    value: Value
    since: date
    until: date | None = None


@dataclass(slots=True, eq=False)
class Life:
    """One area through the tables."""

    level: int
    kind: str
    names: list[Run[str]] = field(default_factory=list)
    codes: list[Run[str]] = field(default_factory=list)
    parents: list[Run["Life"]] = field(default_factory=list)

    @property
    def began(self) -> date:
        """The first table that lists it."""
        return self.names[0].since

    @property
    def ended(self) -> date | None:
        """The first table that lists it no more."""
        return self.names[-1].until

    @property
    def name(self) -> str:
        """Its latest name as the table writes it."""
        return self.names[-1].value

    @property
    def code(self) -> str:
        """Its latest code."""
        return self.codes[-1].value

    @property
    def parent(self) -> "Life | None":
        """Its latest parent."""
        return self.parents[-1].value if self.parents else None


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """What became of an area, seen first in the table of a day."""

    old: Life
    new: Life
    kind: str
    on: date
    before: str
    after: str
    evidence: str


@dataclass(slots=True)
class Weave:
    """All lives, parents before children, and the links between them."""

    lives: list[Life]
    links: list[Link]

    def unexplained(self) -> list[Life]:
        """Lives that ended, and nobody says what became of them."""
        explained = {id(link.old) for link in self.links if link.old is not link.new}
        return [life for life in self.lives if life.ended is not None and id(life) not in explained]


# --- Names and kinds ----------------------------------------------------------------------------------------------
_COMMITTEE = re.compile(r"(村民委员会|居民委员会|村委会|居委会)$")
_TOWN_ENDS = re.compile(r"(街道办事处|办事处|街道|镇|乡)$")
_COUNTY_ENDS = re.compile(r"[县市区]$")


def short_name(name: str, level: int, kind: str) -> str:
    """The area's name without its committee's: 高杜社区居委会 is 高杜社区, 丛家村委会 is 丛家村, 西谢居委会 is 西谢居."""
    if level == TOWNSHIP:
        return name.removesuffix("办事处") if name.endswith("街道办事处") else re.sub(r"(?<=办事处)乡$", "", name)
    if level != VILLAGE or kind.startswith("quasi"):
        return name
    bare = _COMMITTEE.sub("", name)
    if bare == name or bare.endswith(("村", "社区", "居")):
        return bare
    return bare + ("村" if kind == "village" else "居")


def stem(name: str) -> str:
    """What stays the same when only the ending of a village's name is spelled otherwise."""
    bare = _COMMITTEE.sub("", name)
    for ending in ("社区", "村", "居"):
        if bare.endswith(ending) and len(bare) - len(ending) >= 2:
            return bare.removesuffix(ending)
    return bare


def kind_of(code: str, name: str, level: int) -> str:
    """The kind of an area by its code and name, in the words of the list territory/kinds."""
    if level == CITY:
        return "city"
    if level == COUNTY:
        return {"县": "county", "市": "county_city"}.get(name[-1], "district")
    if level == TOWNSHIP:
        if code[6] in "45":
            return "quasi_township"
        return "subdistrict" if code[6] == "0" else "town" if code[6] == "1" else "township"
    return {"0": "community", "1": "community", "2": "village", "3": "village", "4": "quasi_community"}.get(
        code[9], "quasi_village"
    )


def level_of(code: str) -> int:
    """The level a 12-digit code stands on."""
    return VILLAGE if code[9:] != "000" else TOWNSHIP if code[6:9] != "000" else COUNTY if code[4:6] != "00" else CITY


def _lasting(kind: str) -> str:
    """The institution behind a kind: the statistics bureau's quasi-units are the same places, classed otherwise."""
    return kind.removeprefix("quasi_")


# --- Weaving ------------------------------------------------------------------------------------------------------
def weave(tables: Iterable[Table]) -> Weave:
    """The lives of all areas from tables of different days."""
    loom = _Loom()
    for table in sorted(tables, key=lambda table: table.on):
        loom.next(table)
    loom.lives.sort(key=lambda life: (life.level, life.code, life.began))
    return Weave(loom.lives, loom.links)


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """A line of the new table."""

    code: str
    name: str
    level: int
    kind: str


class _Loom:
    """The lives so far, and those of the last table by code."""

    def __init__(self) -> None:
        self.lives: list[Life] = []
        self.links: list[Link] = []
        self._alive: dict[str, Life] = {}
        self._dormant: dict[str, Life] = {}  # Of townships a table left out: they may be listed again.
        self._on = date.min

    def next(self, table: Table) -> None:
        """Take in the next table."""
        self._on = table.on
        before, after = self._alive, {}
        by_level: dict[int, list[_Unit]] = defaultdict(list)
        for code in sorted(table.names):
            level = level_of(code)
            by_level[level].append(_Unit(code, table.names[code], level, kind_of(code, table.names[code], level)))
        now: dict[str, Life] = {}
        home: dict[int, str] = {}  # Where a former township or county is listed now: life -> code.
        for level in (CITY, COUNTY, TOWNSHIP, VILLAGE):
            old = [
                life for life in self.lives if life.level == level and life.code in before and before[life.code] is life
            ]
            old += [life for life in self._dormant.values() if life.level == level]
            matched = (
                self._match_villages(old, by_level[level], home)
                if level == VILLAGE
                else self._match_above(old, by_level[level], home)
            )
            for unit in by_level[level]:
                life, ground = matched.get(unit.code, (None, ""))
                now[unit.code] = self._carry(life, unit, ground, now)
                if life is not None:
                    home[id(life)] = unit.code
                home[id(now[unit.code])] = unit.code
            after.update({unit.code: now[unit.code] for unit in by_level[level]})
        listed = {id(life) for life in after.values()}
        ended = [life for life in before.values() if id(life) not in listed]
        for life in ended:
            for runs in (life.names, life.codes, life.parents):
                if runs and runs[-1].until is None:
                    runs[-1].until = table.on
        gone = {id(life) for life in ended}
        self._dormant = {code: life for code, life in self._dormant.items() if id(life) not in listed}
        for life in ended:
            if (life.level == TOWNSHIP and not self._followed(life)) or (
                life.level == VILLAGE
                and id(life.parent) in gone
                and life.parent is not None
                and not self._followed(life.parent)
            ):
                self._dormant[life.code] = life
        self._alive = after
        self._merge([life for life in ended if life.level == VILLAGE and life.code not in self._dormant], after, home)

    def _followed(self, life: Life) -> bool:
        return any(link.old is life and link.new is not life for link in self.links)

    def _match_above(self, old: list[Life], units: list[_Unit], home: Mapping[int, str]) -> dict[str, tuple[Life, str]]:
        """Counties and townships: by code and stem, else by stem within the same county."""

        def bare(name: str, level: int) -> str:
            return (_COUNTY_ENDS if level == COUNTY else _TOWN_ENDS).sub("", name) if level != CITY else name

        found: dict[str, tuple[Life, str]] = {}
        left = {id(life): life for life in old}
        by_code = {life.code: life for life in old}
        for unit in units:
            life = by_code.get(unit.code)
            if life is not None and bare(life.name, unit.level) == bare(unit.name, unit.level):
                found[unit.code] = (life, "")
                del left[id(life)]
        for unit in units:
            if unit.code in found:
                continue
            same = [
                life
                for life in left.values()
                if bare(life.name, unit.level) == bare(unit.name, unit.level)
                and (
                    unit.level == COUNTY
                    or (life.parent is not None and home.get(id(life.parent), "")[:6] == unit.code[:6])
                )
            ]
            if len(same) == 1:
                found[unit.code] = (same[0], "同一上级之下名称相同，且别无同名")
                del left[id(same[0])]
        return found

    def _match_villages(
        self, old: list[Life], units: list[_Unit], home: Mapping[int, str]
    ) -> dict[str, tuple[Life, str]]:
        """Villages and communities, township by township; see the head of this module."""
        found: dict[str, tuple[Life, str]] = {}
        new = {unit.code: unit for unit in units}
        left: dict[str, Life] = {}  # By the code it would have if only its township's had changed.
        for life in old:
            township = home.get(id(life.parent))
            if township is not None:
                left[township[:9] + life.code[9:]] = life

        def settle(expected: str, code: str, ground: str) -> None:
            found[code] = (left.pop(expected), ground)
            del new[code]

        for expected in [code for code in left if code in new and stem(left[code].name) == stem(new[code].name)]:
            settle(
                expected, expected, "" if left[expected].code == expected else "所属乡镇街道代码改变，末三位与名称不变"
            )
        ours, theirs = _by_township(left, lambda life: stem(life.name)), _by_township(new, lambda unit: stem(unit.name))
        for key, expected_codes in ours.items():
            if len(expected_codes) == 1 and len(theirs.get(key, ())) == 1:
                settle(expected_codes[0], theirs[key][0], "同一乡镇街道之内名称相同，且别无同名")
        for expected in [code for code in left if code in new]:
            settle(expected, expected, "代码相同而名称改变")
        return found

    def _carry(self, life: Life | None, unit: _Unit, ground: str, now: Mapping[str, Life]) -> Life:
        """Continue a life with a line of the table, or begin one."""
        above = {
            COUNTY: unit.code[:4] + "0" * 8,
            TOWNSHIP: unit.code[:6] + "0" * 6,
            VILLAGE: unit.code[:9] + "000",
        }.get(unit.level)
        parent = now[above] if above is not None else None
        if life is None or _lasting(life.kind) != _lasting(unit.kind):
            fresh = Life(unit.level, unit.kind)
            self.lives.append(fresh)
            if life is not None:
                kind_ground = ground or "代码与名称相同而类别改变"
                self.links.append(Link(life, fresh, "upgrade", self._on, life.name, unit.name, kind_ground))
            life = fresh
        else:
            life.kind = unit.kind
            if life.code != unit.code:
                self.links.append(Link(life, life, "recode", self._on, life.code, unit.code, ground))
            if unit.level == VILLAGE and stem(life.name) != stem(unit.name):
                self.links.append(Link(life, life, "rename", self._on, life.name, unit.name, ground))
        _extend(life.names, unit.name, self._on)
        _extend(life.codes, unit.code, self._on)
        if parent is not None:
            _extend(life.parents, parent, self._on)
        return life

    def _merge(self, ended: list[Life], after: Mapping[str, Life], home: Mapping[int, str]) -> None:
        """Where a new unit bears the name of an ended one, or of its numbered siblings, say so."""
        fresh = {code: life for code, life in after.items() if life.level == VILLAGE and life.began == self._on}
        bearers: dict[tuple[str, str], list[Life]] = defaultdict(list)
        for code, life in fresh.items():
            for name in {stem(life.name), _root(stem(life.name))}:
                bearers[code[:9], name].append(life)
        siblings: dict[tuple[str, str], list[Life]] = defaultdict(list)
        for life in ended:
            township = home.get(id(life.parent))
            if township is None or self._followed(life):
                continue
            same = bearers.get((township[:9], stem(life.name)), [])
            if len(same) == 1:
                self._link_merge(life, same[0], "同一乡镇街道之内，新单位沿用其名")
                continue
            numbered = _NUMBERED.fullmatch(stem(life.name))
            if numbered is not None:
                siblings[township[:9], numbered[1]].append(life)
        for (township, name), lives in siblings.items():
            same = bearers.get((township, name), [])
            if len(lives) >= 2 and len(same) == 1:
                for life in lives:
                    self._link_merge(
                        life, same[0], f"同一乡镇街道之内，新单位沿用“{name}”之名，以此命名的各单位同时不再列出"
                    )

    def _link_merge(self, old: Life, new: Life, ground: str) -> None:
        self.links.append(Link(old, new, "merge", self._on, old.name, new.name, ground))


_NUMBERED = re.compile(r"(.{2,})[一二三四五六七八九十东西南北中前后][街村]?")


def _root(name: str) -> str:
    """王马 of 王马新 (王马新村): a village of merged villages that keeps the name of one."""
    return name.removesuffix("新") if len(name) > 2 else name


def _by_township(held: Mapping[str, Value], name: Callable[[Value], str]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, value in held.items():
        found[code[:9], name(value)].append(code)
    return found


def _extend(runs: list[Run[Value]], value: Value, on: date) -> None:
    """The value holds on a day: lengthen the last run, or close it and begin another."""
    if runs and runs[-1].until is None:
        if runs[-1].value == value:
            return
        runs[-1].until = on
    runs.append(Run(value, on))


def names_on(lives: Sequence[Life], on: date) -> dict[str, str]:
    """The table of a day back from the lives: names by code."""

    def held(runs: Sequence[Run[str]]) -> str | None:
        return next((run.value for run in runs if run.since <= on and (run.until is None or run.until > on)), None)

    pairs = ((held(life.codes), held(life.names)) for life in lives)
    return {code: name for code, name in pairs if code is not None and name is not None}
