"""Yearly tables into lives: what counts as the same area, what is linked, and what is left unknown."""

from datetime import date

from linli.mechanisms.territory.history import Table, kind_of, names_on, short_name, stem, weave

CITY = {"990000000000": "柳城市", "990001000000": "柳河县", "990001001000": "柳林街道"}


def table(year: int, villages: dict[str, str], above: dict[str, str] | None = None) -> Table:
    return Table(date(year, 10, 31), {**(above if above is not None else CITY), **villages})


def links(*tables: Table) -> list[tuple[str, str, str]]:
    return [(link.kind, link.before, link.after) for link in weave(tables).links]


def test_the_same_code_and_stem_is_the_same_village_however_its_committee_is_spelled():
    woven = weave([table(2017, {"990001001001": "高杜居委会"}), table(2019, {"990001001001": "高杜社区居民委员会"})])
    assert woven.links == []
    (life,) = [life for life in woven.lives if life.level == 4]
    assert [(run.value, run.since.year, run.until and run.until.year) for run in life.names] == [
        ("高杜居委会", 2017, 2019),
        ("高杜社区居民委员会", 2019, None),
    ]


def test_the_same_code_with_another_name_is_a_renaming():
    assert links(table(2017, {"990001001031": "双庙刘居委会"}), table(2019, {"990001001031": "双湖社区居委会"})) == [
        ("rename", "双庙刘居委会", "双湖社区居委会")
    ]


def test_a_name_that_moved_to_another_code_is_the_same_village_and_not_a_renaming_of_the_code():
    found = links(
        table(2017, {"990001001201": "东李村委会", "990001001202": "西李村委会"}),
        table(2019, {"990001001201": "西李村委会", "990001001203": "新兴村委会"}),
    )
    assert found == [("recode", "990001001202", "990001001201")]


def test_a_residents_committee_in_place_of_a_village_committee_is_a_new_area():
    woven = weave([table(2017, {"990001001224": "新兴村委会"}), table(2019, {"990001001037": "新兴社区居委会"})])
    (link,) = woven.links
    assert (link.kind, link.old.kind, link.new.kind) == ("upgrade", "village", "community")
    assert link.old.ended == date(2019, 10, 31)


def test_a_county_that_became_a_city_takes_its_townships_and_villages_with_it():
    before = {"990001001201": "东李村委会"}
    after = {"990000000000": "柳城市", "990081000000": "柳河市", "990081001000": "柳林街道"}
    woven = weave([table(2017, before), table(2019, {"990081001201": "东李村委会"}, after)])
    assert sorted((link.kind, link.before, link.after) for link in woven.links) == [
        ("recode", "990001001000", "990081001000"),
        ("recode", "990001001201", "990081001201"),
        ("upgrade", "柳河县", "柳河市"),
    ]
    (village,) = [life for life in woven.lives if life.level == 4]
    (town,) = [life for life in woven.lives if life.level == 3]
    assert [run.value.name for run in town.parents] == ["柳河县", "柳河市"]
    assert village.parent is town
    assert village.ended is None


def test_a_merger_is_said_only_where_the_new_name_proves_it():
    woven = weave(
        [
            table(
                2017,
                {
                    "990001001201": "辛店一街村委会",
                    "990001001202": "辛店二街村委会",
                    "990001001203": "王马村委会",
                    "990001001204": "赵家村委会",
                },
            ),
            table(2019, {"990001001301": "辛店社区村民委员会", "990001001302": "王马新村"}),
        ]
    )
    assert sorted((link.kind, link.before, link.after) for link in woven.links) == [
        ("merge", "王马村委会", "王马新村"),
        ("merge", "辛店一街村委会", "辛店社区村民委员会"),
        ("merge", "辛店二街村委会", "辛店社区村民委员会"),
    ]
    assert [life.name for life in woven.unexplained()] == ["赵家村委会"]


def test_a_township_that_two_tables_left_out_comes_back_as_itself_with_its_villages():
    other = {"990001002000": "杏花镇"}
    without = {code: name for code, name in CITY.items() if code != "990001001000"}
    tables = [
        table(2017, {"990001001201": "东李村委会"}, CITY | other),
        table(2019, {}, without | other),
        table(2022, {"990001004201": "东李村委会"}, without | other | {"990001004000": "柳林街道"}),
    ]
    woven = weave(tables)
    assert sorted(link.kind for link in woven.links) == ["recode", "recode"]
    for each in tables:
        assert names_on(woven.lives, each.on) == dict(each.names)


def test_short_names_and_stems():
    assert short_name("市中街道办事处", 3, "subdistrict") == "市中街道"
    assert short_name("海防办事处乡", 3, "quasi_township") == "海防办事处"
    assert short_name("高杜社区居委会", 4, "community") == "高杜社区"
    assert short_name("西谢居委会", 4, "community") == "西谢居"
    assert short_name("丛家村村委会", 4, "village") == short_name("丛家村委会", 4, "village") == "丛家村"
    assert short_name("鲁北类似村委会", 4, "quasi_village") == "鲁北类似村委会"
    assert stem("旧镇社区村委会") == stem("旧镇村村委会") == stem("旧镇村民委员会") == "旧镇"
    assert stem("前村村委会") == "前村"


def test_kinds_come_from_the_code_and_the_name():
    assert kind_of("371681000000", "邹平市", 2) == "county_city"
    assert kind_of("371603400000", "海防办事处乡", 3) == "quasi_township"
    assert [kind_of(f"371602001{digit}01", "", 4) for digit in "02345"] == [
        "community", "village", "village", "quasi_community", "quasi_village",
    ]  # fmt: skip
