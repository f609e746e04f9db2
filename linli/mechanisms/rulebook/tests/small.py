"""A tiny pack and its two schemas, for the tests of the rulebook only."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, ClassVar

from linli.kernel.rules import Code, Named, Refers, RuleList, Words
from linli.mechanisms.rulebook import registry


class Fruit(Named):
    """水果."""

    words: tuple[Words, ...] = ()
    basket: Annotated[Code, Refers("small/baskets")]
    days: int = 5


class Fruits(RuleList[Fruit]):
    """水果清单."""

    key: ClassVar[str] = "small/fruits"


class Baskets(RuleList[Named]):
    """篮子清单."""

    key: ClassVar[str] = "small/baskets"


HEAD = """
[city]
name = "柳林市"
name_en = "Liulin"
province = "山东省"
code = "379900"
number_prefix = "柳"
"""

FRUITS = """\
list: small/fruits
title: 水果清单
in_force: 2026-01-01
basis: 柳林市水果办法第三条
status: adopted
items:
  - code: apple
    name: 苹果
    words: [苹果, 红苹果]
    basket: round
  - code: pear
    name: 梨
    basket: round
    status: assumed
    reason: 柳林市尚未规定梨放在哪里
"""

BASKETS = """\
list: small/baskets
title: 篮子清单
in_force: 2026-01-01
basis: 柳林市水果办法第四条
status: adopted
items:
  - code: round
    name: 圆篮
  - code: square
    name: 方篮
"""


@contextmanager
def schemas() -> Iterator[None]:
    """The two schemas declared, and only those and what the apps declared."""
    before, asked = dict(registry._SCHEMAS), dict(registry._AFFECTED)
    registry.declare(Fruits)
    registry.declare(Baskets)
    try:
        yield
    finally:
        registry._SCHEMAS.clear()
        registry._SCHEMAS.update(before)
        registry._AFFECTED.clear()
        registry._AFFECTED.update(asked)


def write(folder: Path, **files: str | bytes) -> Path:
    """A pack's folder: the tiny pack, with files replaced or added (small_fruits="…" is small/fruits.yaml)."""
    texts: dict[str, str | bytes] = {
        "pack_toml": 'languages = ["zh-hans"]\n' + HEAD,
        "small_fruits": FRUITS,
        "small_baskets": BASKETS,
    }
    for name, text in (texts | files).items():
        path = folder / ("pack.toml" if name == "pack_toml" else name.replace("_", "/", 1) + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
