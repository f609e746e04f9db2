"""公开数据的规矩 — how many must share a place and a time, under which licence it may be used."""

from typing import ClassVar, Self

from pydantic import model_validator

from linli.kernel.rules import Named, RuleList, Words

LEAST_K = 5
ASKED = ("k", "licence", "theme", "frequency")


class Setting(Named):
    """One of them."""

    value: Words


class Publishing(RuleList[Setting]):
    """公开数据的规矩."""

    key: ClassVar[str] = "opendata/publishing"

    @model_validator(mode="after")
    def _is_whole_and_strict(self) -> Self:
        if missing := [code for code in ASKED if self.find(code) is None]:
            raise ValueError(f"缺少 {'、'.join(missing)}")
        k = self.item("k").value
        if not k.isdecimal() or int(k) < LEAST_K:
            raise ValueError(f"k 是 {k}；要是整数，不得小于 {LEAST_K}")
        for code in ASKED[1:]:
            if not self.item(code).value.startswith(("http://", "https://")):
                raise ValueError(f"{code} 要是一个网址")
        return self

    @property
    def k(self) -> int:
        """Fewest in a group."""
        return int(self.item("k").value)
