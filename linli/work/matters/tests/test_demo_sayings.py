"""What the demo's people say fits what was asked: every category has a manner, every manner words the city's lists know."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from linli.work.matters.demo import sayings
from linli.work.matters.demo.sayings import Manner, manner_of

PACK = Path(__file__).resolve().parents[4] / "packs" / "binzhou"


def items(key: str) -> list[dict[str, Any]]:
    """One list of the city, as it is written."""
    found: list[dict[str, Any]] = yaml.safe_load((PACK / f"{key}.yaml").read_text(encoding="utf-8"))["items"]
    return found


CATEGORIES = {each["code"]: each["group"] for each in items("matters/categories") if each["examples"]}
MANNERS: dict[str, Manner] = {name: each for name, each in vars(sayings).items() if isinstance(each, Manner)}


def test_every_group_has_a_manner_and_no_exception_is_of_no_category() -> None:
    assert set(CATEGORIES.values()) <= set(sayings.OF_GROUP)
    assert set(sayings.OF_CATEGORY) | set(sayings.REPLIES) <= set(CATEGORIES)


@pytest.mark.parametrize("name", sorted(MANNERS))
def test_a_manner_has_words_for_every_step_and_only_for_reasons_the_city_has(name: str) -> None:
    manner = MANNERS[name]
    assert manner.replies
    assert manner.not_yet
    assert manner.asked
    assert manner.notes
    assert set(manner.tried) <= {each["code"] for each in items("lists/raise_reasons")}
    assert manner.tried
    outcomes = {each["code"] for each in items("lists/outcome_reasons")}
    assert set(manner.otherwise) <= outcomes


@pytest.mark.parametrize(
    ("category", "unfit"),
    [
        ("gig-workers", "占道"),
        ("pension", "修好"),
        ("wages", "占道"),
        ("streetlight", "费用"),
        ("village-accounts", "清理"),
    ],
)
def test_nobody_is_answered_with_another_matters_reply(category: str, unfit: str) -> None:
    manner = manner_of(category, CATEGORIES[category])
    said = "".join((*manner.replies, *manner.not_yet, manner.asked, *manner.tried.values(), *manner.otherwise.values()))
    assert unfit not in said


def test_what_is_of_no_group_is_explained() -> None:
    assert manner_of("other", None) is sayings.EXPLAINED
