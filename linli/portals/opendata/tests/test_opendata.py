"""A month in the open: nobody stands alone in it, it never changes, and other catalogues can read ours."""

import csv
import gzip
import io
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import Graph
from rdflib.compare import isomorphic

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor
from linli.portals.opendata import commands, service
from linli.portals.opendata.models import Publication
from linli.portals.opendata.rules import Publishing
from linli.work.matters.models import Matter
from tests import place

SHAPES = Path(__file__).with_name("dcat_ap_shapes.ttl")
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
BY = Actor.system("opendata")


@pytest.fixture
def months(make):
    """Six of one grid on one day, three scattered in October; four of one grid in November, one of them a report."""

    def register(day, where, n, **rest):
        for each in range(n):
            with clock.at(datetime.combine(day, datetime.min.time(), clock.CITY) + timedelta(hours=9, minutes=each)):
                matter = make.matter(text=f"赵阿姨说第{each}盏路灯坏了 13812345678", point=where, **rest)
        return matter

    register(date(2026, 10, 12), place.at(0.5, 0.5), 6)
    register(date(2026, 10, 20), place.at(1.5, 0.5), 2)
    register(date(2026, 10, 30), place.at(3.5, 0.5), 1)
    last = register(date(2026, 11, 3), place.at(0.5, 0.5), 6)
    Matter.objects.filter(pk=last.pk).update(is_report=True)


def at_december():
    return clock.at(datetime(2026, 12, 2, 3, tzinfo=clock.CITY))


def lines_of(row):
    return list(csv.DictReader(io.StringIO(gzip.decompress(bytes(row.content)).decode("utf-8-sig"))))


def test_a_month_is_published_with_groups_of_k_and_no_words(months):
    with at_december():
        row = service.publish(OCTOBER, by=BY)
    assert (row.total, row.rows, row.suppressed, row.k) == (9, 6, 3, 5)
    lines = lines_of(row)
    groups = Counter((each["period_begins"], each["period_ends"], each["place_code"]) for each in lines)
    assert groups == {("2026-10-12", "2026-10-12", place.HUAIHUA_1): 6}
    said = gzip.decompress(bytes(row.content)).decode()
    assert "赵阿姨" not in said
    assert "13812345678" not in said
    assert "滨26" not in said, "no number leads back to a matter"


def test_a_report_is_never_in_it(months):
    with at_december():
        assert service.publish(NOVEMBER, by=BY).total == 5


def test_a_month_is_published_once_and_never_changes(months, make):
    with at_december():
        row = service.publish(OCTOBER, by=BY)
        Matter.objects.update(category="litter")
        with pytest.raises(service.NotYetError, match="已经公开过"):
            service.publish(OCTOBER, by=BY)
        assert service.publish_due() is not None, "November is over"
        assert service.publish_due() is None
    assert Publication.objects.get(month=OCTOBER).sha256 == row.sha256
    (told,) = [each.fact for each in journal.history("opendata:2026-10")]
    assert told.sha256 == row.sha256


def test_a_month_that_is_not_over_is_not_published(city, capsys):
    with clock.at(datetime(2026, 11, 30, 23, tzinfo=clock.CITY)):
        with pytest.raises(service.NotYetError, match="还没有过完"):
            service.publish(NOVEMBER, by=BY)
        assert commands.run(commands.argparse.Namespace(verb="publish", month="2026-11")) == 1
        assert commands.run(commands.argparse.Namespace(verb="publish", month="十月")) == 1
        assert commands.run(commands.argparse.Namespace(verb="publish", month="2026-10")) == 0
        assert commands.run(commands.argparse.Namespace(verb="list")) == 0
    assert "2026-10" in capsys.readouterr().out


def test_the_city_cannot_ask_for_less_than_five():
    rule = {"list": "opendata/publishing", "title": "x", "in_force": "2026-01-01", "basis": "依据", "status": "adopted"}
    items = [{"code": code, "name": code, "value": "https://x"} for code in ("licence", "theme", "frequency")]
    with pytest.raises(ValueError, match="不得小于 5"):
        Publishing(**rule, items=[{"code": "k", "name": "k", "value": "4"}, *items])


# --- Pages and the catalogue -----------------------------------------------------------------------------------------
@pytest.fixture
def public(months, client):
    """A stranger's browser, with two months out."""
    with at_december():
        service.publish(OCTOBER, by=BY)
        service.publish(NOVEMBER, by=BY)
    return client


def test_the_pages_are_open_to_everybody(public):
    assert "2026-10" in public.get("/opendata/").content.decode()
    page = public.get("/opendata/2026-10/").content.decode()
    assert Publication.objects.get(month=OCTOBER).sha256 in page
    for wrong in ("2026-09", "2026-13", "x", "2026-1"):
        assert public.get(f"/opendata/{wrong}/").status_code == 404
        assert public.get(f"/opendata/matters-{wrong}.csv").status_code == 404
    assert "period_begins" in public.get("/opendata/dictionary.csv").content.decode()


def test_the_file_is_the_one_that_was_published(public):
    answer = public.get("/opendata/matters-2026-10.csv")
    row = Publication.objects.get(month=OCTOBER)
    assert answer.content == gzip.decompress(bytes(row.content))
    packed = public.get("/opendata/matters-2026-10.csv", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == answer.content
    assert public.get("/opendata/matters-2026-10.csv", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    heading = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = [
        each["column"]
        for each in csv.DictReader(io.StringIO(public.get("/opendata/dictionary.csv").content.decode("utf-8-sig")))
    ]
    assert heading == told, "every column is in the dictionary"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own reader of JSON-LD.
def test_the_catalogue_is_dcat_ap_by_its_shapes(public):
    turtle = Graph().parse(data=public.get("/opendata/catalog.ttl").content.decode(), format="turtle")
    conforms, _graph, report = validate(turtle, shacl_graph=Graph().parse(SHAPES), inference="none", advanced=True)
    assert conforms, report
    assert len(list(turtle.subjects(predicate=None, object=None))) > 20
    json_ld = Graph().parse(data=public.get("/opendata/catalog.jsonld").content.decode(), format="json-ld")
    assert isomorphic(turtle, json_ld), "both say the same"


@pytest.mark.parametrize("lost", ["dct:publisher", "dcat:accessURL", "dct:title", "foaf:name"])
def test_the_shapes_find_what_is_missing(public, lost):
    graph = Graph().parse(data=public.get("/opendata/catalog.ttl").content.decode(), format="turtle")
    graph.update(f"DELETE {{ ?s {lost} ?o }} WHERE {{ ?s {lost} ?o }}")
    conforms, _graph, _report = validate(graph, shacl_graph=Graph().parse(SHAPES), inference="none", advanced=True)
    assert not conforms


def test_an_empty_catalogue_is_one_too(client, city):
    turtle = client.get("/opendata/catalog.ttl").content.decode()
    conforms, _graph, report = validate(Graph().parse(data=turtle, format="turtle"), shacl_graph=Graph().parse(SHAPES))
    assert conforms, report
    assert client.get("/opendata/").status_code == 200
