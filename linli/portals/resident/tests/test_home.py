"""Saying it: one page, one sending, and the page that says it arrived."""

import pytest

from linli.work.matters.models import Matter
from tests import place

SENTENCE = "小区门口的路灯坏了三天，晚上看不见路"
pytestmark = pytest.mark.django_db


@pytest.fixture
def say(client, cast):
    """say(text=…) opens the form, fills it and sends it, as a browser does."""

    def send(follow=True, **typed):
        if "key" not in typed:
            typed["key"] = client.get("/").context_key if False else key_of(client.get("/").content.decode())
        typed.setdefault("text", SENTENCE)
        typed.setdefault("visibility", "anonymous")
        return client.post("/", typed, follow=follow)

    return send


def key_of(page):
    return page.partition('name="key" value="')[2].partition('"')[0]


def test_one_sentence_and_a_scanned_code_make_a_matter(client, say):
    answer = say(g=place.HUAIHUA_1)
    page = answer.content.decode()
    matter = Matter.objects.get()
    assert answer.status_code == 200
    assert matter.number in page
    assert "槐花社区" in page
    assert matter.channel == "qr"
