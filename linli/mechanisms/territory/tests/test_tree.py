"""The tree as it stands: establishing areas, and what the database and the service refuse."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from linli.mechanisms import territory
from linli.mechanisms.territory import queries, service
from linli.mechanisms.territory.models import Area, Grid
from linli.mechanisms.territory.service import NewArea, TerritoryError
from linli.mechanisms.territory.tests.conftest import BY

DAY = date(2026, 1, 1)


def establish(**fields):
    fields = {"level": 5, "kind": "grid", "name": "新网格", "code": "9900010010010009"} | fields
    return service.establish([NewArea(**fields)], on=DAY, source="测试", by=BY)


def put_under(area_id, **columns):
    """Past the service, as a careless hand at the database would; deferred constraints are asked at once."""
    Area.objects.filter(id=area_id).update(**columns)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_ancestors_children_and_subtree(place):
    grid = place["柳岸二网格"]
    assert [node.name for node in territory.ancestors(grid)] == ["柳城市", "柳河区", "柳林街道", "柳岸社区"]
    assert [node.name for node in territory.children(place["柳河区"])] == ["柳林街道", "杏花镇"]
    assert set(territory.subtree_ids(place["柳岸社区"])) == {place["柳岸社区"], place["柳岸一网格"], grid}
    assert territory.area(grid).full_name == "柳河区柳林街道柳岸社区柳岸二网格"
    assert queries.is_within(grid, place["柳林街道"])
    assert not queries.is_within(grid, place["杏花镇"])


def test_a_code_means_nothing_without_its_authority(place):
    assert territory.by_code("990001001000").name == "柳林街道"
    assert territory.by_code("990001001", "mca").name == "杏花镇"
    assert territory.by_code("990001002", "mca").name == "柳林街道"
    assert territory.by_code("990001002") is None
    assert territory.by_code("990001001000", "nbs", on=date(2026, 5, 1)).name == "柳林街道"
    assert territory.by_code("990001001000", "nbs", on=date(2025, 5, 1)) is None


def test_a_grid_owned_by_a_township_is_refused_with_the_remedy(place):
    with pytest.raises(TerritoryError, match="必须归属且只归属一个村或社区"):
        establish(parent_code="990001001000")


def test_the_database_too_refuses_a_grid_owned_by_a_township(place):
    grid = Area.objects.get(id=place["柳岸一网格"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.filter(id=grid.id).update(parent_id=place["柳林街道"], parent_level=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        put_under(grid.id, parent_id=place["柳林街道"])


def test_a_zone_stands_beside_counties_and_is_nobodys_parent(place):
    ids = establish(code="ZONE-1", name="甲开发区", level=2, kind="zone", functional=True, parent_code="990000000000")
    service.cover(ids["ZONE-1"], {place["柳林街道"]: True, place["杏花村"]: None}, by=BY)
    assert [zone.name for zone in queries.zones_of(place["柳岸一网格"])] == ["甲开发区"]
    assert queries.zones_of(place["杏花镇"]) == []
    assert territory.children(place["柳城市"])[-1].name == "甲开发区"
    with pytest.raises(TerritoryError, match="功能区覆盖区划而不辖区划"):
        establish(code="990001102000", name="镇", level=3, kind="town", parent_code="ZONE-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        put_under(place["柳林街道"], parent_id=ids["ZONE-1"], parent_level=2)
    with pytest.raises(TerritoryError, match="不是功能区"):
        service.cover(place["柳林街道"], {place["杏花镇"]: True}, by=BY)


def test_a_code_is_given_once_and_a_parent_must_exist(place):
    with pytest.raises(TerritoryError, match="已被使用"):
        establish(code="9900010010010001", parent_code="990001001001")
    with pytest.raises(TerritoryError, match="不存在"):
        establish(parent_code="990001009001")
    assert Grid.objects.get(area_id=place["槐花一网格"]).households == 320
    assert Grid.objects.get(area_id=place["槐花二网格"]).households is None


def test_an_unknown_area_says_so(place):
    with pytest.raises(queries.NoSuchAreaError):
        territory.area(0)


def test_every_table_and_column_has_a_chinese_comment(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
               WHERE c.relname LIKE 'territory!_%%' ESCAPE '!' AND c.relkind = 'r' AND a.attnum >= 0
               AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL"""
        )
        assert cursor.fetchall() == []
