"""How an answer is written: the same content in JSON and in XML."""

import json
from xml.etree import ElementTree as ET

from linli.gateways.open311 import formats


def test_what_xml_cannot_hold_is_left_out_and_markup_is_words():
    content = [{"description": "<b>&\x0b\ufffe灯\ud800", "media_url": None, "metadata": True, "lat": 37.4}]
    one = ET.fromstring(formats.as_xml("service_requests", content))[0]
    assert one.tag == "request"
    assert one.findtext("description") == "<b>&灯"
    assert one.findtext("media_url") == ""
    assert one.findtext("metadata") == "true"
    assert one.findtext("lat") == "37.4"


def test_lists_and_records_may_hold_each_other():
    content = {"endpoints": [{"formats": ["text/xml"], "extended_attributes": {"state": "closed"}}], "formats": []}
    found = ET.fromstring(formats.as_xml("discovery", content))
    assert found.findtext("endpoints/endpoint/formats/format") == "text/xml"
    assert found.findtext("endpoints/endpoint/extended_attributes/state") == "closed"
    assert found.find("formats") is not None


def test_json_keeps_types_and_chinese():
    answer = formats.answer("errors", [{"code": 404, "description": "没有"}], "json", status=404)
    assert answer.status_code == 404
    assert json.loads(answer.content) == [{"code": 404, "description": "没有"}]
    assert "没有".encode() in answer.content
