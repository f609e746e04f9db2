"""The two ways an answer is written: JSON, and the XML it maps to by the Spark convention (a list's items are named after it)."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET  # For writing only; nothing here reads XML.

from django.http import HttpResponse

FORMATS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
ITEM_OF = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(root: str, content: Any, written: str, *, status: int = 200) -> HttpResponse:
    """A list or a record, as the caller asked to have it written."""
    text = as_xml(root, content) if written == "xml" else json.dumps(content, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=FORMATS[written])


def as_xml(root: str, content: Any) -> bytes:
    """The document, with its declaration."""
    top = ET.Element(root)
    _grow(top, content)
    written: bytes = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return written


def _grow(element: ET.Element, content: Any) -> None:
    """A record's fields, a list's items, or words; nothing is an empty element."""
    if isinstance(content, dict):
        for name, value in content.items():
            _grow(ET.SubElement(element, name), value)
    elif isinstance(content, list):
        for item in content:
            _grow(ET.SubElement(element, ITEM_OF[element.tag]), item)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = _NOT_IN_XML.sub("", str(content))
