"""五级 — the levels a matter may be at, and who looks, decides and approves first."""

from typing import Literal

Level = Literal["grid", "community", "township", "county", "city"]
LEVELS: dict[str, int] = {"city": 1, "county": 2, "township": 3, "community": 4, "grid": 5}
"""The lists say levels in words; areas number them as territory does."""

GRID, COMMUNITY, TOWNSHIP, COUNTY, CITY = 5, 4, 3, 2, 1
"""Who may have a matter in hand, from the lowest up."""

URGENT = 3
"""The risk 紧急 (`domain.md` B.6): two hours, so it does not wait for a grid worker's round."""

APPROVES = COUNTY
"""Who approves an order that no duty list holds: the government of the county (《山东省乡镇人民政府工作条例》第四条、第十三条；《中华人民共和国城市居民委员会组织法》第二十条)."""


def deciding_level(level: int) -> int:
    """Who rules on an objection to what a level assigned: the one above it; over the city there is nobody."""
    return max(level - 1, CITY)


def first_level(*, has_grid: bool, has_community: bool, has_township: bool, has_worker: bool, risk: int) -> int:
    """Who looks at a new matter first: the lowest level that can, except that an emergency goes to the township.

    五级双向 (`domain.md` 1.3): settle at the lowest level first.
    """
    if risk >= URGENT and has_township:
        return TOWNSHIP
    if has_grid and has_worker:
        return GRID
    if has_community:
        return COMMUNITY
    return TOWNSHIP if has_township else COUNTY
