"""Loading, changing and citing rules, on a tiny pack."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from linli.facts.rulebook import RuleEnacted
from linli.kernel import clock
from linli.kernel.rules import RuleRef
from linli.mechanisms import journal, rulebook
from linli.mechanisms.journal import Author
from linli.mechanisms.rulebook import pack, queries, service
from linli.mechanisms.rulebook.models import RuleVersion
from linli.mechanisms.rulebook.tests import small
from linli.mechanisms.rulebook.tests.small import Baskets, Fruits

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 23, 9, tzinfo=clock.CITY)
TWO_WORDS = small.FRUITS.replace("in_force: 2026-01-01", "in_force: 2026-07-01").replace("name: 梨", "name: 鸭梨")


def load(folder: Path, by: Author, **files: str | bytes) -> service.Loaded:
    return service.load(pack.read(small.write(folder, **files)), by=by)


def test_a_pack_is_loaded_and_its_lists_are_current(tmp_path: Path, clerk: Author) -> None:
    loaded = load(tmp_path, clerk)
    assert set(loaded.enacted) == {RuleRef("small/fruits", 1), RuleRef("small/baskets", 1)}
    edition = rulebook.current(Fruits)
    assert edition.list.item("apple").name == "苹果"
    assert edition.rule("apple") == "small/fruits v1 #apple"
    assert [item.code for item in edition.list.assumed] == ["pear"]


def test_loading_is_in_the_journal(tmp_path: Path, clerk: Author) -> None:
    load(tmp_path, clerk)
    (heard,) = journal.history("rulebook:small/fruits")
    row = RuleVersion.objects.get(key="small/fruits")
    assert heard.fact == RuleEnacted("small/fruits", 1, date(2026, 1, 1), row.content_sha256)
    assert (heard.author, heard.move) == (clerk, "enact")


def test_loading_the_same_pack_again_does_nothing(tmp_path: Path, clerk: Author) -> None:
    load(tmp_path, clerk)
    again = load(tmp_path, clerk)
    assert again.enacted == ()
    assert set(again.unchanged) == {"small/fruits", "small/baskets"}
    assert RuleVersion.objects.count() == 2


def test_order_and_comments_are_not_a_change(tmp_path: Path, clerk: Author) -> None:
    load(tmp_path, clerk)
    reordered = "# 换了写法\n" + small.BASKETS.replace(
        "  - code: round\n    name: 圆篮", "  - name: 圆篮\n    code: round"
    )
    assert load(tmp_path, clerk, small_baskets=reordered).enacted == ()


def test_a_changed_list_is_a_new_version_and_the_old_one_stays_as_it_was(tmp_path: Path, clerk: Author) -> None:
    load(tmp_path, clerk)
    assert load(tmp_path, clerk, small_fruits=TWO_WORDS).enacted == (RuleRef("small/fruits", 2),)
    assert rulebook.current(Fruits, date(2026, 8, 1)).list.item("pear").name == "鸭梨"
    assert rulebook.current(Fruits, date(2026, 3, 1)).list.item("pear").name == "梨"
    assert rulebook.edition(RuleRef("small/fruits", 1)).list.item("pear").name == "梨"
    assert [each.ref.version for each in rulebook.history("small/fruits")] == [2, 1]


def test_a_version_to_come_holds_only_from_its_day(tmp_path: Path, clerk: Author) -> None:
    with clock.at(NOVEMBER):
        load(tmp_path, clerk)
        load(tmp_path, clerk, small_fruits=TWO_WORDS.replace("2026-07-01", "2027-01-01"))
        assert rulebook.current(Fruits).ref.version == 1
        assert rulebook.current(Fruits, date(2027, 1, 1)).ref.version == 2


def test_a_version_to_come_may_be_corrected_to_an_earlier_day(tmp_path: Path, clerk: Author) -> None:
    with clock.at(NOVEMBER):
        load(tmp_path, clerk)
        load(tmp_path, clerk, small_fruits=TWO_WORDS.replace("2026-07-01", "2027-01-01"))
        load(tmp_path, clerk, small_fruits=TWO_WORDS.replace("2026-07-01", "2026-12-01"))
        assert [rulebook.current(Fruits, date(2027, 6, 1)).ref.version, rulebook.current(Fruits).ref.version] == [3, 1]


def test_a_version_may_not_begin_before_one_that_holds(tmp_path: Path, clerk: Author) -> None:
    load(tmp_path, clerk, small_fruits=TWO_WORDS)
    earlier = small.FRUITS.replace("name: 梨", "name: 雪梨")
    with pytest.raises(service.RefusedRuleError, match=r"已有第 1 版，自 2026-07-01 起.*改法：.*不早于 2026-07-01"):
        load(tmp_path, clerk, small_fruits=earlier)
    assert RuleVersion.objects.filter(key="small/fruits").count() == 1


def test_a_pack_with_a_problem_changes_nothing(tmp_path: Path, clerk: Author) -> None:
    with pytest.raises(service.RefusedRuleError):
        load(tmp_path, clerk, small_baskets=small.BASKETS.replace("code: round", "code: oval"))
    assert not RuleVersion.objects.exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE rulebook_ruleversion SET title = 'x'", "DELETE FROM rulebook_ruleversion"]
)
def test_the_database_refuses_to_change_or_remove_a_version(tmp_path: Path, clerk: Author, statement: str) -> None:
    from django.db import connection

    load(tmp_path, clerk)
    with (
        pytest.raises(IntegrityError, match="not changed or removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_missing_rule_refuses(tmp_path: Path, clerk: Author) -> None:
    with pytest.raises(rulebook.NoRuleError, match="linli pack load"):
        rulebook.current(Fruits)
    load(tmp_path, clerk)
    with pytest.raises(rulebook.NoRuleError, match="2025-12-31"):
        rulebook.current(Fruits, date(2025, 12, 31))
    with pytest.raises(rulebook.NoRuleError):
        rulebook.edition(RuleRef("small/fruits", 9))


def test_an_official_enacts_a_change(tmp_path: Path, clerk: Author) -> None:
    load(tmp_path, clerk)
    content = {"title": "篮子清单", "items": [{"code": "round", "name": "圆篮"}, {"code": "flat", "name": "平篮"}]}
    ref = rulebook.enact("small/baskets", content, in_force=date(2026, 6, 1), basis="柳林市水果办法第五条", by=clerk)
    assert ref == RuleRef("small/baskets", 2)
    assert "flat" in rulebook.current(Baskets, date(2026, 6, 1)).list
    assert (
        rulebook.enact("small/baskets", content, in_force=date(2026, 6, 1), basis="柳林市水果办法第五条", by=clerk)
        == ref
    )


def test_a_change_may_not_take_away_what_another_list_uses(tmp_path: Path, clerk: Author) -> None:
    load(tmp_path, clerk)
    content = {"title": "篮子清单", "items": [{"code": "square", "name": "方篮"}]}
    with pytest.raises(service.RefusedRuleError, match=r"small/fruits.*没有的代码 round"):
        rulebook.enact("small/baskets", content, in_force=date(2026, 6, 1), basis="柳林市水果办法第五条", by=clerk)


def test_asking_is_cheap(tmp_path: Path, clerk: Author, django_assert_num_queries: object) -> None:
    import time

    load(tmp_path, clerk)
    queries.committed()
    rulebook.current(Fruits)
    with django_assert_num_queries(0):  # type: ignore[operator]
        began = time.process_time()
        for _ in range(10_000):
            rulebook.current(Fruits)
        each = (time.process_time() - began) / 10_000
    assert each < 20e-6


def test_what_was_undone_is_forgotten(tmp_path: Path, clerk: Author) -> None:
    load(tmp_path, clerk)
    with transaction.atomic():
        load(tmp_path, clerk, small_fruits=TWO_WORDS)
        assert rulebook.current(Fruits, date(2026, 8, 1)).ref.version == 2
        transaction.set_rollback(True)
    assert rulebook.current(Fruits, date(2026, 8, 1)).ref.version == 1
