"""Somebody else's app, with a key of 柳林街道综治中心, calling in both formats."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from linli.gateways.open311 import calls, service
from linli.mechanisms.access import Actor
from linli.mechanisms.territory import queries as places
from tests import place

SENTENCE = "小区门口的路灯坏了三天，晚上看不见路"
CODE = "streetlight"


@dataclass
class Answer:
    """Status, and the content as lists and records, whichever way it was written."""

    status: int
    content: Any
    headers: Any

    @property
    def one(self) -> Any:
        """The only item."""
        assert len(self.content) == 1
        return self.content[0]

    @property
    def error(self) -> str:
        """What was wrong, in one line; each error bears the status."""
        assert {int(each["code"]) for each in self.content} == {self.status}
        return "；".join(each["description"] for each in self.content)


def plain(element):
    """XML back to lists and records, by the Spark convention."""
    if element.tag in {"services", "service_requests", "errors", "attributes", "values", "endpoints", "formats"}:
        return [plain(each) for each in element]
    return {each.tag: plain(each) for each in element} if len(element) else element.text


@pytest.fixture(params=["json", "xml"])
def call(request, client, city):
    """call("requests", status="open") and call("requests", post={…}), once in JSON and once in XML."""
    written = request.param

    def ask(resource, post=None, headers=None, **asked):
        path = f"/open311/{'' if resource == 'discovery' else 'v2/'}{quote(resource)}.{written}"
        if post is None:
            response = client.get(path, asked, headers=headers)
        else:
            body = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in post.items())
            response = client.post(path, body, content_type="application/x-www-form-urlencoded", headers=headers)
        kind = {"json": "application/json", "xml": "text/xml"}[written]
        assert response["Content-Type"] == f"{kind}; charset=utf-8"
        if written == "json":
            return Answer(response.status_code, response.json(), response.headers)
        assert response.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
        return Answer(response.status_code, plain(ET.fromstring(response.content)), response.headers)

    ask.written = written
    return ask


@pytest.fixture
def keep(cast):
    """keep("liulin_desk") is a key of that body and its secret."""

    def issue(body="liulin_desk", code=place.LIULIN, name="随手拍"):
        area = places.by_code(code)
        return service.issue(name=name, body=cast.bodies[body], area=area, by=Actor.system("command-line"))

    return issue


@pytest.fixture
def secret(keep):
    """The secret of a key that may file in 柳林街道."""
    return keep()[1]


@pytest.fixture
def new(secret):
    """new(phone=…) is what a proper app posts, with changes; None leaves a parameter out."""

    def form(**changes):
        here = place.at(0.5, 0.5)
        proper = {"api_key": secret, "service_code": CODE, "lat": here.lat, "long": here.lon, "description": SENTENCE}
        return {name: value for name, value in (proper | changes).items() if value is not None}

    return form


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch):
    """The sweeping clock is not rolled back with everything else."""
    monkeypatch.setattr(calls._Sweeping, "last", float("-inf"))
