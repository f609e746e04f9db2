"""Whatever is sent, an answer that can be read."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from linli.gateways.open311.tests.conftest import CODE, SENTENCE
from tests import place

HERE = place.at(0.5, 0.5)
PROPER = {"service_code": CODE, "lat": str(HERE.lat), "long": str(HERE.lon), "description": SENTENCE}
NAMES = [
    *PROPER, "jurisdiction_id", "address_string", "address_id", "first_name", "last_name", "phone", "email", "media_url",
    "attribute[public]", "attribute[place]", "extensions", "device_id", "account_id",
]  # fmt: skip
ASKED = ["service_request_id", "service_code", "start_date", "end_date", "status", "extensions", "jurisdiction_id"]
WORDS = some.text(some.characters(exclude_categories=["Cs"]), max_size=40) | some.sampled_from(
    [
        "37.4",
        "NaN",
        "-0",
        "1e999",
        "2026-01-01T00:00:00Z",
        "2026-06-31",
        "24:00",
        "yes",
        "open,closed",
        ",",
        "http://a",
        place.HUAIHUA,
    ]
)


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=some.dictionaries(some.sampled_from(NAMES), WORDS, max_size=5))
def test_whatever_is_filed_the_answer_can_be_read(client, secret, changes):
    answer = client.post("/open311/v2/requests.xml", PROPER | {"api_key": secret} | changes)
    assert answer.status_code in {200, 400, 404, 429}
    assert ET.fromstring(answer.content).tag in {"service_requests", "errors"}


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=some.dictionaries(some.sampled_from(ASKED), WORDS, max_size=4))
def test_whatever_is_asked_the_answer_can_be_read(client, city, asked):
    answer = client.get("/open311/v2/requests.xml", asked)
    assert answer.status_code in {200, 400, 404, 429}
    assert ET.fromstring(answer.content).tag in {"service_requests", "errors"}
