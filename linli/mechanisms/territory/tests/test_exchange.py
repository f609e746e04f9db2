"""Areas in and out of files: round trips, and every reason to refuse a row."""

import argparse
import json

import pytest
import shapely

from linli.mechanisms import territory
from linli.mechanisms.territory import commands, exchange, queries, service
from linli.mechanisms.territory.models import Area, Geometry, Grid
from linli.mechanisms.territory.service import NewArea
from linli.mechanisms.territory.tests.conftest import BY, PLACE, square
from linli.mechanisms.territory.tests.test_tree import DAY

VILLAGE = "990001101201"


def feature(code="9900011012010002", name="杏花二网格", level=5, parent=VILLAGE, shape=None, **more):
    geometry = json.loads(shapely.to_geojson(shape if shape is not None else square(2, 0)))
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, "level": level, "parent_code": parent, **more},
        "geometry": geometry,
    }


@pytest.fixture
def bring(place, tmp_path):
    def run(*features, **options):
        path = tmp_path / "grids.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return exchange.import_file(path, by=BY, **options)

    return run


def reasons(report):
    assert not report.written
    return [(refusal.row, refusal.reason) for refusal in report.refused]


def test_a_new_grid_is_established_and_an_old_one_changed(bring, place):
    report = bring(
        feature(households=210, supervision_phone="0543-0000000"),
        feature("9900011012010001", "杏花东网格", shape=square(3, 0, 1, 2), grid_kind="comprehensive"),
    )
    assert (report.written, report.new, report.changed, report.refused) == (True, 1, 1, [])
    new = territory.by_code("9900011012010002")
    assert new.full_name == "柳河区杏花镇杏花村杏花二网格"
    assert queries.grid_details(new.id).households == 210
    assert territory.area(place["杏花一网格"]).name == "杏花东网格"
    assert queries.shape(place["杏花一网格"]).equals(square(3, 0, 1, 2))
    assert Geometry.objects.filter(area_id=place["杏花一网格"]).count() == 2


def test_a_dry_run_writes_nothing(bring):
    before = Area.objects.count()
    report = bring(feature(), dry_run=True)
    assert (report.written, report.new, report.refused) == (False, 1, [])
    assert Area.objects.count() == before


def test_one_bad_row_refuses_the_whole_file(bring):
    before = Area.objects.count()
    report = bring(feature(), feature("9900011012010003", "", shape=square(2, 1)))
    assert reasons(report) == [(2, "malformed")]
    assert Area.objects.count() == before


def test_a_grid_owned_by_a_township_is_refused(bring):
    report = bring(feature(parent="990001101000"))
    assert reasons(report) == [(1, "grid_owner")]
    assert "必须归属且只归属一个村或社区" in report.refused[0].why


def test_wrong_and_missing_parents_are_refused(bring):
    report = bring(
        feature(parent="990001101299"),
        feature("990001001001000", "楼", level=6, parent=VILLAGE, shape=square(2, 1)),
        feature("9900010010010001", "槐花一网格", parent="990001001002", shape=square(0, 0)),
    )
    assert reasons(report) == [(1, "wrong_parent"), (2, "wrong_parent"), (3, "wrong_parent")]


def test_a_code_twice_in_the_file_or_used_on_another_level_is_refused(bring):
    report = bring(feature(), feature(shape=square(2, 1)), feature("990001001002", "杏花网格", shape=square(3, 1)))
    assert reasons(report) == [(2, "duplicate_code"), (3, "wrong_parent")]


def test_self_intersection_and_things_that_are_no_polygon_are_refused(bring):
    bow_tie = shapely.Polygon([(118.002, 37.4), (118.003, 37.401), (118.003, 37.4), (118.002, 37.401)])
    report = bring(feature(shape=bow_tie), feature("9900011012010003", "点", shape=shapely.Point(118.002, 37.4)))
    assert reasons(report) == [(1, "self_intersection"), (2, "not_a_polygon")]


def test_overlaps_in_the_file_and_with_what_is_there_are_refused(bring):
    report = bring(feature(shape=square(2, 0, 2, 1)), feature("9900011012010003", "杏花三网格", shape=square(2, 0)))
    assert (1, "overlap") in reasons(report)
    assert (2, "overlap") in reasons(report)


def test_a_micro_grid_may_lie_over_its_grid(bring):
    assert bring(feature(shape=square(3, 0).buffer(-0.0002), grid_kind="micro")).written


def test_a_gap_in_a_community_whose_border_is_known_is_refused(bring):
    report = bring(feature("9900010010010001", "槐花一网格", parent="990001001001", shape=square(0, 0).buffer(-0.0001)))
    assert reasons(report) == [(1, "gap")]
    beyond = bring(
        feature("9900010010010001", "槐花一网格", parent="990001001001", shape=square(-0.05, 0)), dry_run=True
    )
    assert "beyond_parent" in dict(map(reversed, reasons(beyond)))


def test_a_hole_between_grids_is_a_gap_even_where_the_village_has_no_border(bring):
    ring = square(2, 0, 1, 2).difference(square(2, 0, 1, 2).buffer(-0.0003))
    assert reasons(bring(feature(shape=ring))) == [(1, "gap")]


def test_outside_the_city_and_swapped_coordinates_are_refused(bring):
    swapped = shapely.transform(square(2, 0), lambda xy: xy[:, ::-1])
    report = bring(feature(shape=square(9, 9)), feature("9900011012010003", "反", shape=swapped))
    assert (1, "outside_city") in reasons(report)
    assert (2, "malformed") in reasons(report)


@pytest.mark.parametrize("value", ["-1", "三百", "1e9", "99999999", "³"])
def test_a_count_that_is_no_number_is_refused(bring, value):
    assert reasons(bring(feature(households=value))) == [(1, "malformed")]


@pytest.mark.parametrize("ending", [".geojson", ".csv", ".gpkg"])
def test_what_was_exported_is_imported_again_and_changes_nothing(place, tmp_path, ending):
    path = tmp_path / f"grids{ending}"
    assert exchange.export_file(path, level=5) == 5
    before = {row.area_id: bytes(row.wkb) for row in Geometry.objects.filter(replaced_at=None)}
    report = exchange.import_file(path, by=BY)
    assert (report.refused, report.changed, report.new) == ([], 5, 0)
    assert {row.area_id: bytes(row.wkb) for row in Geometry.objects.filter(replaced_at=None)} == before
    assert Grid.objects.get(area_id=place["槐花一网格"]).households == 320


def test_gcj02_goes_out_and_comes_back_within_a_metre(place, tmp_path):
    path = tmp_path / "grids.geojson"
    exchange.export_file(path, level=5, crs="gcj02")
    shifted = shapely.from_geojson(path.read_text(encoding="utf-8")).geoms[0]
    assert shifted.distance(square(0, 0)) > 0.003
    report = exchange.import_file(path, by=BY, crs="gcj02")
    assert report.refused == []
    assert queries.shape(place["槐花一网格"]).hausdorff_distance(square(0, 0)) < 1e-8


def test_real_grids_end_the_illustrative_ones_of_their_village(bring, place):
    drawn = NewArea(
        code="9900011012010009",
        name="示意网格",
        level=5,
        kind="grid",
        parent_code=VILLAGE,
        illustrative=True,
        shape=square(2, 0),
    )
    ids = service.establish([drawn], on=DAY, source="测试", by=BY)
    report = bring(feature())
    assert (report.written, report.retired) == (True, 1)
    assert territory.by_code("9900011012010009") is None
    assert territory.area(ids["9900011012010009"]).valid_to is not None


def test_files_that_cannot_be_read_say_why(place, tmp_path):
    cases = {
        "a.shp": (b"", "不认识这种文件"),
        "a.geojson": (b"\xff\xfe", "UTF-8"),
        "b.geojson": (b"[1]", "FeatureCollection"),
        "c.geojson": (
            b'{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:4547"}},"features":[]}',
            "EPSG:4326",
        ),
        "a.csv": (b"name\n1\n", "第一行应为列名"),
        "a.gpkg": (b"nothing", "GeoPackage"),
    }
    for name, (content, why) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(exchange.UnreadableError, match=why):
            exchange.import_file(tmp_path / name, by=BY)
    with pytest.raises(exchange.UnreadableError, match="没有这个文件"):
        exchange.import_file(tmp_path / "none.csv", by=BY)


def test_the_command_reports_each_refused_row_and_fails(place, tmp_path, capsys):
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    out = str(tmp_path / "all.geojson")
    assert commands.run(parser.parse_args(["export", out, "--within", "990001001000"])) == 0
    assert len(json.loads((tmp_path / "all.geojson").read_text(encoding="utf-8"))["features"]) == 7
    (tmp_path / "bad.csv").write_text("code,name,level,parent_code,wkt\n1,甲网格,5,990001101000,\n", encoding="utf-8")
    report = str(tmp_path / "report.csv")
    assert commands.run(parser.parse_args(["import", str(tmp_path / "bad.csv"), "--report", report])) == 1
    said = capsys.readouterr().out
    assert "第 1 行 1：网格归属有误" in said
    assert "一行也没有写入" in said
    assert "网格归属有误" in (tmp_path / "report.csv").read_text(encoding="utf-8-sig")
    assert commands.run(parser.parse_args(["import", out, "--dry-run"])) == 0
    assert commands.run(parser.parse_args(["import", str(tmp_path / "none.txt")])) == 1
    assert len(PLACE) == Area.objects.count()


def test_a_pack_without_usable_places_is_refused_with_file_and_line(place, tmp_path, capsys):
    tables = tmp_path / "places" / "tables"
    tables.mkdir(parents=True)
    table = tables / "nbs-2022-10-31.csv"
    cases = {
        "code,title\n": "line 1: 缺少列 name",
        "code,name\n99,柳\n": "line 2: 代码 '99' 应为 12 位数字",
        "code,name\n990000000000,柳城市\n990001001000,柳林街道\n": "的上级 990001000000 不在表里",
        "code,name\n990000000000,柳城市\n990000000000,柳城市\n": "line 3: 代码 990000000000 已在前面用于",
    }
    for content, why in cases.items():
        table.write_text(content, encoding="utf-8")
        assert commands.check_pack(tmp_path) == 1
        said = capsys.readouterr().out
        assert str(table) in said
        assert why in said
    table.write_text("code,name\n990000000000,柳城市\n", encoding="utf-8")
    assert commands.check_pack(tmp_path) == 0
    assert commands.load_pack(tmp_path / "none", illustrate=False) == 1
