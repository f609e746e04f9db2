"""Two of the same at once, really committed."""

import threading

import pytest
from django.db import connection
from django.test import Client

from linli.gateways.open311 import service
from linli.gateways.open311.models import Filing
from linli.gateways.open311.tests.conftest import CODE, SENTENCE
from linli.mechanisms.access import Actor
from linli.mechanisms.territory import queries as places
from linli.work.matters.models import Matter
from tests import place

HERE = place.at(0.5, 0.5)
PROPER = {"service_code": CODE, "lat": str(HERE.lat), "long": str(HERE.lon), "description": SENTENCE}


@pytest.mark.django_db(transaction=True)
def test_two_of_the_same_at_once_are_one_matter(committed_city):
    body, area = committed_city.bodies["liulin_desk"], places.by_code(place.LIULIN)
    _key, secret = service.issue(name="随手拍", body=body, area=area, by=Actor.system("command-line"))
    start, answers = threading.Barrier(3), []

    def go():
        try:
            start.wait()
            answers.append(Client().post("/open311/v2/requests.json", PROPER | {"api_key": secret}))
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each.status_code for each in answers] == [200] * 3
    assert len({each.content for each in answers}) == 1
    assert Matter.objects.count() == Filing.objects.count() == 1
