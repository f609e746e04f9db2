"""A real client, `georeport` from PyPI, against a city on the air, in both formats."""

import pytest
import requests
from georeport import GeoReport

from linli.gateways.open311 import service
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body
from linli.mechanisms.territory import queries as places
from linli.work.matters.models import Matter
from tests import place

CODE = "streetlight"


@pytest.fixture(scope="module")
def filed(served_city, django_db_blocker):
    """A city, its address, and the numbers of two matters: one filed by an app, the other not for neighbours to see."""
    with django_db_blocker.unblock():
        body = Body.objects.get(short_name="柳林街道综治中心")
        area = places.by_code(place.LIULIN)
        _key, secret = service.issue(name="随手拍", body=body, area=area, by=Actor.system("command-line"))
    here = place.at(0.5, 0.5)
    numbers = []
    for words, shown in (("小区门口的路灯坏了三天", "yes"), ("我家门口的路灯坏了", "no")):
        form = {"api_key": secret, "service_code": CODE, "lat": here.lat, "long": here.lon, "description": words}
        answer = requests.post(
            f"{served_city}/open311/v2/requests.json", data=form | {"attribute[public]": shown}, timeout=20
        )
        assert answer.status_code == 200, answer.text
        numbers.append(answer.json()[0]["service_request_id"])
    return served_city, *numbers


@pytest.fixture(params=["json", "xml"])
def client(request, filed, db):
    """Their client in one format; `db` because the first test must ask for it."""
    return GeoReport(f"{filed[0]}/open311/v2", jurisdiction="371600", output_format=request.param)


def test_it_reads_the_services_and_a_definition(client):
    services = {each["service_code"]: each for each in client.get_service_list()}
    assert services[CODE]["type"] == "realtime"
    assert len(services) > 20
    assert client.get_service_definition(CODE)["service_code"] == CODE


def test_it_finds_what_was_filed(client, filed):
    _address, shown, hidden = filed
    one = client.get_service_request(shown)
    assert (one["service_request_id"], one["status"], one["service_code"]) == (shown, "open", CODE)
    found = client.get_service_requests(status="open", service_code=CODE)
    found = [found] if isinstance(found, dict) else found  # Their XML gives a lone item as it is.
    assert [each["service_request_id"] for each in found] == [shown]
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_request(hidden)


def test_it_is_told_what_is_wrong(client):
    with pytest.raises(requests.HTTPError, match="400"):
        client.get_service_requests(start_date="2020-01-01T00:00:00Z", end_date="2021-01-01T00:00:00Z")
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_definition("no-such-thing")
    client.jurisdiction = "sfgov.org"
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_list()


def test_what_it_reads_is_in_the_register(filed, db):
    assert set(filed[1:]) <= set(Matter.objects.values_list("number", flat=True))
