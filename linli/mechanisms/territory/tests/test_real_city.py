"""The pack of Binzhou loaded whole: the real history 2017 to 2022, the codes of two authorities, 7,161 grids on the map."""

import csv
import shutil
from datetime import date

import pytest
import shapely
from django.conf import settings
from django.test import TestCase

from linli.kernel.coordinates import Point
from linli.mechanisms import territory
from linli.mechanisms.territory import index, queries
from linli.mechanisms.territory.models import Area, Geometry, Grid, Succession
from linli.mechanisms.territory.tests.conftest import BY

TABLES = settings.PACK / "places" / "tables"


@pytest.mark.slow
class TestRealCity(TestCase):
    @classmethod
    def setUpTestData(cls):
        index.forget()
        cls.loaded = territory.load(settings.PACK, by=BY, illustrate=True)

    def test_the_numbers_of_the_city(self):
        assert self.loaded.grids == 7161
        assert [len(territory.areas(level)) for level in (1, 2, 3, 4, 5)] == [1, 7, 92, 3209, 7161]
        kinds = [node.kind for node in territory.areas(4)]
        assert [kinds.count(kind) for kind in ("community", "village", "quasi_community", "quasi_village")] == [
            203,
            2997,
            5,
            4,
        ]

    def test_every_table_comes_back_from_the_tree_to_the_letter(self):
        for path in sorted(TABLES.glob("nbs-*.csv")):
            with path.open(encoding="utf-8") as lines:
                wanted = {row["code"]: row["name"] for row in csv.DictReader(lines)}
            tree = territory.as_of(date.fromisoformat(path.stem[4:]))
            assert {past.nbs_code: past.name for past in tree.values()} == wanted
        counts = {
            year: len(territory.as_of(date(*year)).level(4))
            for year in ((2017, 10, 31), (2019, 10, 31), (2020, 6, 30), (2022, 10, 31))
        }
        assert list(counts.values()) == [5302, 4151, 4175, 3209]

    def test_between_two_tables_the_older_one_holds(self):
        assert len(territory.as_of(date(2022, 10, 30)).level(4)) == 4175
        assert territory.as_of(date(2018, 1, 1)).on == date(2018, 1, 1)
        with pytest.raises(queries.NoRecordError, match="2017-10-31"):
            territory.as_of(date(2017, 10, 30))

    def test_a_county_became_a_city_with_a_new_code(self):
        before = territory.as_of(date(2018, 1, 1))
        county = before.coded("371626000000")
        assert county.name == "邹平县"
        city = territory.by_code("371681000000")
        assert (city.name, city.kind) == ("邹平市", "county_city")
        assert territory.by_code("371626000000") is None
        assert territory.by_code("371626000000", on=date(2018, 1, 1)).id == county.id
        assert queries.successors(county.id) == [city]
        town = territory.by_code("371681101000")
        assert town.name == "长山镇"
        assert before[town.id].nbs_code == "371626101000"
        assert before[town.id].parent_id == county.id
        assert len(before.children(county.id)) == len(territory.children(city.id)) == 16

    def test_a_known_renaming_keeps_the_community(self):
        node = territory.by_code("371602002031")
        assert node.name == "双湖社区"
        assert [name.name for name in queries.history(node.id).names] == ["双庙刘居委会", "双湖社区居委会"]
        assert territory.as_of(date(2020, 12, 31))[node.id].name == "双庙刘居委会"
        (link,) = queries.history(node.id).became
        assert (link.kind, link.observed_on) == ("rename", date(2022, 10, 31))

    def test_a_township_missing_from_two_tables_is_missing_in_those_years_only(self):
        node = territory.by_code("371621004000")
        assert node.name == "武定府街道"
        assert node.id in territory.as_of(date(2017, 12, 31))
        assert node.id not in territory.as_of(date(2020, 12, 31))
        assert territory.as_of(date(2017, 12, 31))[node.id].nbs_code == "371621002000"

    def test_an_ended_village_without_a_named_successor_has_none(self):
        ended = territory.as_of(date(2017, 10, 31)).coded("371602007003")
        assert ended.name == "姜家居委会"
        assert queries.successors(ended.id) == []
        assert territory.area(ended.id).valid_to == date(2019, 10, 31)
        unexplained = Area.objects.exclude(valid_to=None).exclude(successions__kind__in=["upgrade", "merge", "split"])
        assert unexplained.count() == 2613

    def test_a_merger_whose_name_proves_it_is_followed(self):
        ended = territory.as_of(date(2017, 10, 31)).coded("371621113206")
        assert ended.name == "辛店五街村委会"
        assert [node.name for node in queries.successors(ended.id)] == ["辛店联村"]
        assert [link.after for link in queries.history(ended.id).became] == ["辛店社区村民委员会"]

    def test_two_authorities_number_35_of_92_townships_differently_and_22_codes_mean_another_one(self):
        towns = territory.areas(3)
        assert sum(town.mca_code is None or f"{town.mca_code}000" != town.nbs_code for town in towns) == 35
        assert [town.name for town in towns if town.mca_code is None] == ["海防办事处"]
        misleading = [t for t in towns if t.mca_code and territory.by_code(f"{t.mca_code}000") not in (None, t)]
        assert len(misleading) == 22
        assert territory.by_code("371602010", "mca").name == "青田街道"
        assert territory.by_code("371602010000", "nbs").name == "杜店街道"
        assert territory.by_code("371681105", "mca").name == "孙镇"

    def test_every_grid_lies_in_its_village_and_every_village_in_its_township(self):
        shapes = index.current().shapes.polygons
        grids = [shapes[node.id] for node in territory.areas(5)]
        assert shapely.coverage_is_valid(grids)
        assert Grid.objects.count() == 7161
        for node in territory.areas(3)[::9]:
            whole = shapely.coverage_union_all([shapes[child.id] for child in territory.children(node.id)])
            assert whole.symmetric_difference(shapes[node.id]).area < 1e-12
        assert not Geometry.objects.filter(area__level__gte=3, illustrative=False).exists()
        assert not Geometry.objects.filter(area__level=2, illustrative=True).exists()

    def test_the_label_point_of_every_grid_is_found_in_it(self):
        rows = list(Geometry.objects.filter(area__level=5).values_list("area_id", "label_lon", "label_lat"))
        found = territory.locate_many([row[1] for row in rows], [row[2] for row in rows])
        assert found.tolist() == [row[0] for row in rows]
        place = territory.locate(Point(rows[0][1], rows[0][2]))
        assert place.slots.grid_id == place.area_id == rows[0][0]

    def test_a_point_in_the_sea_and_one_in_the_next_city_are_outside(self):
        assert isinstance(territory.locate(Point(119.5, 38.5)), territory.Outside)
        jinan = territory.locate(Point(117.0, 36.65))
        assert jinan.nearest_name == "邹平市"
        assert 30_000 < jinan.distance_m < 80_000

    def test_a_name_is_found_with_and_without_its_ending_and_its_township_decides_between_namesakes(self):
        def first(text, within=None):
            return territory.find(text, within)[0].area

        assert first("彭李街道为民社区3号楼漏水").full_name == "滨城区彭李街道为民社区"
        assert first("彭李街道办事处门口").full_name == "滨城区彭李街道"
        assert first("双湖社区居委会旁边").name == "双湖社区"
        villages = territory.areas(4)
        names = [node.name for node in villages]
        repeated = [node for node in villages if names.count(node.name) > 1]
        assert len(repeated) > 243
        for node in repeated[::20]:
            county, township = territory.ancestors(node.id)[1:3]
            assert first(f"{county.name}{township.name}{node.name}路灯不亮") == node
            assert county.id in first(f"{node.name}路灯不亮", within=county.id).lineage
        assert territory.find("今天天气不错") == []

    def test_loading_again_changes_nothing_and_a_changed_pack_keeps_the_ids(self):
        assert not territory.load(settings.PACK, by=BY, illustrate=True).changed
        before = dict(Area.objects.values_list("id", "code"))
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as folder:
            pack = Path(folder) / "binzhou"
            shutil.copytree(settings.PACK / "places", pack / "places")
            newest = (TABLES / "nbs-2022-10-31.csv").read_text(encoding="utf-8")
            later = newest.replace("371602002031,双湖社区居委会", "371602002031,双湖新区社区居委会")
            (pack / "places" / "tables" / "nbs-2026-10-31.csv").write_text(later, encoding="utf-8")
            again = territory.load(pack, by=BY, illustrate=True)
        assert again.changed
        assert dict(Area.objects.values_list("id", "code")) == before
        assert territory.by_code("371602002031").name == "双湖新区社区"
        assert Succession.objects.filter(observed_on=date(2026, 10, 31)).get().after == "双湖新区社区居委会"
        assert Grid.objects.count() == 7161
