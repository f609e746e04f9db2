"""Which kinds of area a city has, and its functional zones: two lists of the pack. No Django."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints, model_validator

from linli.kernel.rules import Named, RuleList


class Kind(Named):
    """区划类别 — one kind of area and the level it stands on."""

    level: Annotated[int, Field(ge=1, le=6)]
    functional: bool = False
    suffixes: tuple[str, ...] = ()
    """Endings people leave out or add when they name such an area: 街道办事处, 街道, 村委会 …"""


class Kinds(RuleList[Kind]):
    """区划类别 — the levels are linli's; which kinds stand on them is the city's."""

    key: ClassVar[str] = "territory/kinds"

    @model_validator(mode="after")
    def _a_zone_stands_beside_counties(self) -> "Kinds":
        for kind in self.items:
            if kind.functional and kind.level != 2:
                raise ValueError(f"功能区类别 {kind.code} 的 level 是 {kind.level}；功能区与县区并列，请写 2")
        missing = {1, 2, 3, 4, 5} - {kind.level for kind in self.items if not kind.functional}
        if missing:
            raise ValueError(f"第 {min(missing)} 级没有任何类别；市、县区、乡镇街道、村居、网格每级至少一个")
        return self


class Zone(Named):
    """功能区 — a development zone; it covers areas, it does not contain them."""

    covers: tuple[Annotated[str, StringConstraints(pattern=r"^\d{12}$")], ...] = ()
    """NBS codes of the areas it covers, wholly or in part."""


class Zones(RuleList[Zone]):
    """功能区. An assumed zone is known to exist but not by name: it is listed, and never put on the tree."""

    key: ClassVar[str] = "territory/zones"
