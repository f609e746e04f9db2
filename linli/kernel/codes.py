"""Numbers the state gives to people, bodies and places: recognised, checked, taken apart. Pure arithmetic, no lists."""

from dataclasses import dataclass
from datetime import date
from typing import Self

_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECK = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DIGITS = frozenset("0123456789")
_OLDEST_BIRTH_YEAR = 1880
# How many leading digits of a division code name each level: province, city, county, township, village.
_LEVEL_ENDS = (2, 4, 6, 9, 12)


class CodeError(ValueError):
    """A code that cannot be right; the sentence says why and what to do. A page may turn `sentence` before it is said."""

    def __init__(self, sentence: str, **values: str) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence % values if values else sentence)


def is_citizen_number(text: str) -> bool:
    """公民身份号码 (GB 11643): 17 digits and a check character, a real date of birth. `x` is accepted for `X`.

    The region digits are not checked: people keep the code of a county that has since been renamed or abolished.
    """
    number = text.strip().upper()
    if len(number) != 18 or not _DIGITS.issuperset(number[:17]) or _birth_date(number) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _CITIZEN_WEIGHTS, strict=False))
    return number[17] == _CITIZEN_CHECK[total % 11]


def born_on(citizen_number: str) -> date:
    """The date of birth inside a citizen number. Raises CodeError when the number is not valid."""
    number = citizen_number.strip().upper()
    birth = _birth_date(number) if is_citizen_number(number) else None
    if birth is None:
        raise CodeError("身份证号码有误：请对照证件核对 18 位号码，最后一位可能是字母 X。")
    return birth


def birthday(birth: date, age: int) -> date:
    """The day a person born on `birth` turns `age`. Somebody born on 29 February turns on 1 March in a common year."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def is_credit_code(text: str) -> bool:
    """统一社会信用代码 (GB 32100): 18 characters in base 31 without I, O, S, V, Z, the last one a check."""
    code = text.strip().upper()
    if len(code) != 18 or any(char not in _CREDIT_ALPHABET for char in code):
        return False
    total = sum(_CREDIT_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return code[17] == _CREDIT_ALPHABET[-total % 31]


@dataclass(frozen=True, slots=True, order=True)
class DivisionCode:
    """统计用区划代码 — the 12 digits of the statistics bureau: 2 province, 2 city, 2 county, 3 township, 3 village.

    Take one from a file or a form with `DivisionCode.parse`. Civil-affairs (MCA) codes look alike and mean other
    places: 22 township codes of one city do. Never join the two without the crosswalk.
    """

    digits: str

    def __post_init__(self) -> None:
        if len(self.digits) != 12 or not _DIGITS.issuperset(self.digits) or self.digits.startswith("00"):
            raise CodeError(f"区划代码应为 12 位数字，收到的是“{self.digits}”。请对照统计用区划代码核对。")
        if self.digits[9:] != "000" and self.digits[6:9] == "000":
            raise CodeError(f"区划代码“{self.digits}”有村级而没有乡级。请对照统计用区划代码核对。")

    @classmethod
    def parse(cls, text: str) -> Self:
        """From 2, 4, 6, 9 or 12 digits: shorter codes name a higher level. Raises CodeError."""
        digits = text.strip()
        if len(digits) not in _LEVEL_ENDS:
            raise CodeError(f"区划代码应为 2、4、6、9 或 12 位数字，收到的是“{digits}”。请对照统计用区划代码核对。")
        return cls(digits.ljust(12, "0"))

    def __str__(self) -> str:
        return self.digits

    @property
    def level(self) -> int:
        """1 province, 2 city, 3 county, 4 township, 5 village."""
        return max(
            n for n, (start, end) in enumerate(_level_slices(), start=1) if n == 1 or int(self.digits[start:end])
        )

    @property
    def short(self) -> str:
        """Without the zeros that pad it: "371602005" for a township."""
        return self.digits[: _LEVEL_ENDS[self.level - 1]]

    @property
    def city(self) -> Self | None:
        """The city it is in (or is); None for a province."""
        return self._at(2)

    @property
    def county(self) -> Self | None:
        """The county it is in (or is); None for a city (371600 is no county) and in the few without counties."""
        return self._at(3)

    @property
    def township(self) -> Self | None:
        """The township it is in (or is), else None."""
        return self._at(4)

    @property
    def village(self) -> Self | None:
        """Itself when it is a village or community, else None."""
        return self._at(5)

    @property
    def parent(self) -> Self | None:
        """The next level up that exists; None for a province."""
        return next(iter(self.parents), None)

    @property
    def parents(self) -> tuple[Self, ...]:
        """Every level above, nearest first."""
        above = (self._at(level) for level in range(self.level - 1, 0, -1))
        return tuple(code for code in above if code is not None)

    def contains(self, other: "DivisionCode") -> bool:
        """Whether the other is this place or inside it, by the code alone."""
        return other.digits.startswith(self.short)

    def _at(self, level: int) -> Self | None:
        start, end = _level_slices()[level - 1]
        if level > self.level or (level > 1 and not int(self.digits[start:end])):
            return None
        return type(self)(self.digits[:end].ljust(12, "0"))


@dataclass(frozen=True, slots=True)
class GridCode:
    """网格编码 — 16 characters: 12 of the village or community, 1 of the kind of grid, 3 of its running number."""

    unit: DivisionCode
    kind: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Taken apart. Raises CodeError."""
        code = text.strip()
        if len(code) != 16 or not _DIGITS.issuperset(code):
            raise CodeError(f"网格编码应为 16 位数字，收到的是“{code}”。请对照网格公示牌核对。")
        grid = cls(DivisionCode(code[:12]), int(code[12]), int(code[13:]))
        if str(grid) != code:
            raise CodeError(f"网格编码“{code}”有误。请对照网格公示牌核对。")
        return grid

    def __str__(self) -> str:
        return grid_code(str(self.unit), self.kind, self.number)

    @property
    def check(self) -> str:
        """校验码 — kept apart from the code, printed on the grid's card: MOD 11-2, as on an identity card."""
        remainder = 0
        for digit in str(self):
            remainder = (remainder + int(digit)) * 2 % 11
        return "0123456789X"[(12 - remainder) % 11]


def grid_code(unit12: str, kind_digit: int, seq: int) -> str:
    """网格编码 — village or community, kind (0 综合, 8 专属, 9 微), running number 1–999. Raises CodeError."""
    unit = DivisionCode(unit12)
    if unit.village is None:
        raise CodeError(f"“{unit12}”不是村（社区）代码，网格应属于且只属于一个村（社区）。请填 12 位村级代码。")
    if not 0 <= kind_digit <= 9:
        raise CodeError(f"网格类别应为 0 到 9 的一位数字，收到的是 {kind_digit}。")
    if not 1 <= seq <= 999:
        raise CodeError(f"网格序号应在 1 到 999 之间，收到的是 {seq}。")
    return f"{unit12}{kind_digit}{seq:03d}"


def _birth_date(number: str) -> date | None:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return birth if birth.year >= _OLDEST_BIRTH_YEAR else None


def _level_slices() -> tuple[tuple[int, int], ...]:
    return tuple(zip((0, *_LEVEL_ENDS), _LEVEL_ENDS, strict=False))
