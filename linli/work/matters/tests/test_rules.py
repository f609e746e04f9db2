"""The lists about matters: what a city may write in them, what is refused in words, and which line holds."""

import hashlib
from typing import Any

import pytest
from pydantic import ValidationError

from linli.kernel.calendar import Limit, Unit
from linli.work.matters import rules

HEAD = {"in_force": "2026-01-01", "basis": "柳林市办法第三条", "status": "adopted"}
EVERY = dict.fromkeys(rules.CLOCKS, "5 working_days")
LAMP: dict[str, Any] = {
    "code": "streetlight", "name": "路灯", "name_en": "Street lights", "group": "city", "words": ["路灯"], "examples": ["路灯坏了"],
    "request_class": "help", "risk": "ordinary", "public": True, "solvable_at": "grid", "function": "urban-management",
}  # fmt: skip


def limits(*items: dict[str, Any]) -> rules.Limits:
    """A table of limits; the first line is for everything."""
    first = {"code": "default", **EVERY}
    return rules.Limits.model_validate({"list": "matters/limits", "title": "时限", **HEAD, "items": [first, *items]})


def said(refused: pytest.ExceptionInfo[ValidationError]) -> str:
    """What the person is told."""
    return " ".join(str(each["ctx"]["error"]) if "ctx" in each else each["msg"] for each in refused.value.errors())


# --- Limits ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("5 working_days", Limit(5, Unit.WORKING_DAYS)),
        ("14 working_hours", Limit(14, Unit.WORKING_HOURS)),
        (" 2  natural_hours ", Limit(2, Unit.NATURAL_HOURS)),
    ],
)
def test_a_limit_is_a_number_and_a_unit(text: str, limit: Limit) -> None:
    assert rules.limit_from(text) == limit
    assert rules.limit_from(limit) is limit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "five working_days",
        "5 days",
        "5 工作日",
        "-1 working_days",
        "½ working_days",
        "² working_days",
        5,
        None,
    ],
)
def test_what_is_no_limit_is_told_how_one_is_written(text: Any) -> None:
    with pytest.raises(ValueError, match="数字 单位"):
        rules.limit_from(text)


@pytest.mark.parametrize("text", ["0 working_days", "99999999 natural_hours"])
def test_a_limit_nobody_can_mean_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不合情理"):
        rules.limit_from(text)


def test_a_category_outranks_a_risk_unless_the_risk_says_otherwise() -> None:
    held = limits(
        {"code": "serious", "risk": "serious", "handle": "3 working_days"},
        {"code": "heat", "category": "heating", "handle": "1 working_days"},
        {"code": "danger", "risk": "emergency", "outranks": True, "handle": "2 natural_hours"},
        {"code": "heat-danger", "category": "heating", "risk": "emergency", "handle": "1 natural_hours"},
    )

    def rule(category: str, risk: str, clock: Any = "handle") -> str:
        return held.rule_for(clock, category=category, risk=risk)[1]

    assert rule("streetlight", "ordinary") == "default"
    assert rule("streetlight", "serious") == "serious"
    assert rule("heating", "serious") == "heat"
    assert rule("streetlight", "emergency") == "danger"
    assert rule("heating", "emergency") == "heat-danger"
    assert rule("heating", "emergency", "accept") == "default"
    assert held.rule_for("handle", category="heating", risk="ordinary")[0] == Limit(1, Unit.WORKING_DAYS)


def test_a_table_enacted_before_a_clock_was_known_stays_readable() -> None:
    old = {code: limit for code, limit in EVERY.items() if code not in rules.ADDED}
    held = rules.Limits.model_validate(
        {"list": "matters/limits", "title": "时限", **HEAD, "items": [{"code": "default", **old}]}
    )
    assert held.rule_for("object", category="heating", risk="ordinary") == (Limit(24, Unit.NATURAL_HOURS), "default")


def test_a_line_that_limits_nothing_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        limits({"code": "nothing", "risk": "serious"})
    assert "没有写时限" in said(refused)


def test_two_lines_for_the_same_thing_are_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        limits(*({"code": code, "risk": "serious", "handle": "3 working_days"} for code in ("a", "b")))
    assert "不止一条时限管“全部类别 / serious”" in said(refused)


def test_a_table_without_a_line_for_everything_is_refused() -> None:
    only = [{"code": "serious", "risk": "serious", **EVERY}]
    with pytest.raises(ValidationError) as refused:
        rules.Limits.model_validate({"list": "matters/limits", "title": "时限", **HEAD, "items": only})
    assert "缺少兜底的时限 settle、triage" in said(refused)
    only = [{"code": "default", **EVERY, "rate": None}]
    with pytest.raises(ValidationError) as refused:
        rules.Limits.model_validate({"list": "matters/limits", "title": "时限", **HEAD, "items": only})
    assert "缺少兜底的时限 rate" in said(refused)


# --- Categories and who answers --------------------------------------------------------------------------------------
def test_a_report_is_never_public() -> None:
    assert rules.Category.model_validate(LAMP).public
    with pytest.raises(ValidationError) as refused:
        rules.Category.model_validate(LAMP | {"is_report": True})
    assert "举报不公开" in said(refused)


def test_a_route_leads_to_a_township_or_a_county() -> None:
    with pytest.raises(ValidationError) as refused:
        rules.Route.model_validate({"code": "streetlight", "community": "committee", "city": "urban-management"})
    assert "至少写 township 或 county" in said(refused)


@pytest.mark.parametrize(
    ("level", "found"),
    [
        (rules.GRID, ("committee", 4)),
        (rules.COMMUNITY, ("committee", 4)),
        (rules.TOWNSHIP, ("urban-management", 2)),
        (rules.COUNTY, ("urban-management", 2)),
        (rules.CITY, None),
    ],
)
def test_where_a_level_has_nobody_the_next_above_answers(level: int, found: tuple[str, int] | None) -> None:
    items = [{"code": "streetlight", "community": "committee", "county": "urban-management"}]
    routing = rules.Routing.model_validate({"list": "matters/routing", "title": "承办", **HEAD, "items": items})
    assert routing.function_for("streetlight", level) == found
    assert routing.function_for("no-such-thing", level) is None


# --- Who looks first -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("grid", "worker", "community", "township", "risk", "level"),
    [
        (True, True, True, True, 0, rules.GRID),
        (True, True, True, True, 2, rules.GRID),
        (True, True, True, True, rules.URGENT, rules.TOWNSHIP),
        (True, False, True, True, 0, rules.COMMUNITY),
        (False, False, True, True, 0, rules.COMMUNITY),
        (False, False, False, True, 0, rules.TOWNSHIP),
        (False, False, False, False, 0, rules.COUNTY),
        (False, False, False, False, rules.URGENT, rules.COUNTY),
    ],
)
def test_the_lowest_level_that_can_looks_first(
    grid: bool, worker: bool, community: bool, township: bool, risk: int, level: int
) -> None:
    found = rules.first_level(
        has_grid=grid, has_worker=worker, has_community=community, has_township=township, risk=risk
    )
    assert found == level


def test_every_list_has_a_key_of_its_own() -> None:
    keys = [each.key for each in rules.LISTS]
    assert len(keys) == len(set(keys))


# --- Sampling --------------------------------------------------------------------------------------------------------
def test_the_lot_is_what_anybody_computes_with_sha256():
    numbers = [f"柳26-1101-{n:04d}-拒1" for n in range(1, 21)]
    chosen = rules.drawn(numbers, seed="ab", percent=20, least=1)
    assert chosen == sorted(numbers, key=lambda each: hashlib.sha256(f"ab {each}".encode()).hexdigest())[:4]
    assert chosen == rules.drawn(reversed(numbers), seed="ab", percent=20, least=1)
    assert set(chosen) != set(rules.drawn(numbers, seed="ac", percent=20, least=1))
    assert len(rules.drawn(numbers[:3], seed="ab", percent=20, least=1)) == 1
    assert len(rules.drawn(numbers[:6], seed="ab", percent=20, least=1)) == 2  # Rounded up.
    assert rules.drawn([], seed="ab", percent=20, least=1) == []


def test_of_a_line_with_many_limits_a_page_cites_the_reason_of_the_one_it_uses() -> None:
    own = {"reason": "办理期限参照外地", "reason_en": "after other places"}
    held = limits(
        {"code": "serious", "risk": "serious", "handle": "3 working_days", "accept": "4 working_hours", "status": "assumed",
         "reason": "两项都暂定", "reasons": {"handle": own}},
    )  # fmt: skip
    item = held.item("serious")
    assert held.reason_of(item, "handle") == "办理期限参照外地"
    assert held.reason_of(item, "handle", english=True) == "after other places"
    assert held.reason_of(item, "accept") == held.reason_of(item) == "两项都暂定"
    adopted = limits(
        {
            "code": "serious",
            "risk": "serious",
            "handle": "3 working_days",
            "status": "adopted",
            "reasons": {"handle": own},
        }
    )
    assert adopted.reason_of(adopted.item("serious"), "handle") == ""


def test_every_assumed_limit_of_binzhou_that_says_several_has_its_own_reason(city: None) -> None:
    from linli.mechanisms import rulebook

    held = rulebook.current(rules.Limits).list
    line = held.item("default")
    said_of = {clock: held.reason_of(line, clock) for clock in rules.CLOCKS if getattr(line, clock) is not None}
    assert "深圳" in said_of["contact"]
    assert not any(
        "深圳" in why or "安阳" in why for clock, why in said_of.items() if clock not in {"contact", "object", "extend"}
    )
