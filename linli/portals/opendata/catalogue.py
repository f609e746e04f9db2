"""目录 — what is published, as DCAT-AP 3.0 says it (JSON-LD, Turtle): one catalogue, a dataset for each month, its file and its dictionary.

The statements are few, and written here by hand: a library for all of RDF would cost every process what one page needs.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from linli.mechanisms import rulebook
from linli.mechanisms.rulebook import city
from linli.portals.opendata import service
from linli.portals.opendata.models import Publication
from linli.portals.opendata.rules import Publishing

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "spdx": "http://spdx.org/rdf/terms#",
}
_EU = "http://publications.europa.eu/resource/authority"
CHINESE, CSV_TYPE = f"{_EU}/language/ZHO", f"{_EU}/file-type/CSV"
TEXT_CSV = "https://www.iana.org/assignments/media-types/text/csv"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


@dataclass(frozen=True)
class Iri:
    """A name of something."""

    value: str


@dataclass(frozen=True)
class Said:
    """A literal: in a language, of a type, or plain."""

    value: str
    language: str = ""
    type: str = ""


@dataclass(frozen=True)
class Node:
    """Something and what is said of it; without a name it is said where it is mentioned."""

    name: str
    kind: str
    said: Sequence[tuple[str, "Iri | Said | Node"]]


def nodes(publications: Iterable[Publication]) -> list[Node]:
    """The catalogue first, then each dataset and each file, newest month first."""
    held = rulebook.current(Publishing).list
    base = settings.BASE_URL.rstrip("/")
    name = city.head().city.name
    home = f"{base}{reverse('opendata:index')}"
    publisher = Node(f"{home}#publisher", "foaf:Agent", [("foaf:name", Said(name, "zh"))])
    licence, theme, frequency = (Iri(held.item(code).value) for code in ("licence", "theme", "frequency"))
    datasets: list[Node] = []
    files: list[Node] = []
    for each in publications:
        month = f"{each.month:%Y-%m}"
        dataset, file = f"{home}{month}/", f"{base}{reverse('opendata:table', args=[month])}"
        issued = Said(each.published_at.date().isoformat(), type="xsd:date")
        last = service.after(each.month).replace(day=1)
        period = Node("", "dct:PeriodOfTime", [
            ("dcat:startDate", Said(each.month.isoformat(), type="xsd:date")), ("dcat:endDate", Said((last.fromordinal(last.toordinal() - 1)).isoformat(), type="xsd:date")),
        ])  # fmt: skip
        datasets.append(Node(dataset, "dcat:Dataset", [
            ("dct:title", Said(f"{name}居民诉求 {month}", "zh")), ("dct:title", Said(f"Matters residents raised, {month}", "en")),
            ("dct:description", Said(f"{month} 登记的居民诉求，已匿名：同一地方、同一时段至少 {each.k} 件才公开。公开 {each.rows} 件，{each.suppressed} 件凑不足一组，没有公开。举报不在内。", "zh")),
            ("dct:description", Said(f"Anonymised: each shares its place and period with at least {each.k - 1} others. {each.rows} published, {each.suppressed} left out.", "en")),
            ("dct:identifier", Said(f"matters-{month}")), ("dct:publisher", Iri(publisher.name)), ("dct:issued", issued), ("dct:language", Iri(CHINESE)),
            ("dct:accrualPeriodicity", frequency), ("dcat:theme", theme), ("dcat:keyword", Said("居民诉求", "zh")), ("dcat:keyword", Said("非紧急诉求", "zh")),
            ("dct:temporal", period), ("dcat:landingPage", Iri(dataset)), ("dcat:distribution", Iri(f"{file}#file")),
        ]))  # fmt: skip
        files.append(Node(f"{file}#file", "dcat:Distribution", [
            ("dct:title", Said(f"CSV {month}", "zh")), ("dcat:accessURL", Iri(dataset)), ("dcat:downloadURL", Iri(file)), ("dct:license", licence),
            ("dct:format", Iri(CSV_TYPE)), ("dcat:mediaType", Iri(TEXT_CSV)), ("dcat:byteSize", Said(str(each.size), type="xsd:nonNegativeInteger")), ("dct:issued", issued),
            ("spdx:checksum", Node("", "spdx:Checksum", [("spdx:algorithm", Iri(SHA256)), ("spdx:checksumValue", Said(each.sha256, type="xsd:hexBinary"))])),
        ]))  # fmt: skip
    known = [
        Node(licence.value, "dct:LicenseDocument", []), Node(theme.value, "http://www.w3.org/2004/02/skos/core#Concept", [("http://www.w3.org/2004/02/skos/core#prefLabel", Said("政府和公共部门", "zh"))]),
        Node(frequency.value, "dct:Frequency", []), Node(CHINESE, "dct:LinguisticSystem", []), Node(CSV_TYPE, "dct:MediaTypeOrExtent", []), Node(TEXT_CSV, "dct:MediaType", []),
    ]  # fmt: skip
    catalogue = Node(f"{home}#catalogue", "dcat:Catalog", [
        ("dct:title", Said(f"{name}邻里公开数据", "zh")), ("dct:title", Said("Open data of the neighbourhood platform", "en")),
        ("dct:description", Said("居民诉求的月度匿名数据，每月一份，公开后不再改动。", "zh")), ("dct:publisher", Iri(publisher.name)), ("dct:license", licence),
        ("dct:language", Iri(CHINESE)), ("foaf:homepage", Node(home, "foaf:Document", [])), *(("dcat:dataset", Iri(each.name)) for each in datasets),
    ])  # fmt: skip
    return [catalogue, publisher, *datasets, *files, *known]


# --- Two ways to write it --------------------------------------------------------------------------------------------
def turtle(found: Iterable[Node]) -> str:
    """Turtle (RDF 1.1)."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return prefixes + "".join(f"\n<{_iri(each.name)}> {_body(each, '    ')} .\n" for each in found)


def _body(node: Node, indent: str) -> str:
    parts = [
        f"a {_name(node.kind)}",
        *(f"{_name(predicate)} {_value(value, indent)}" for predicate, value in node.said),
    ]
    return f" ;\n{indent}".join(parts)


def _value(value: Iri | Said | Node, indent: str) -> str:
    match value:
        case Iri():
            return f"<{_iri(value.value)}>"
        case Node(name=""):
            return f"[ {_body(value, indent + '    ')} ]"
        case Node():
            return f"<{_iri(value.name)}>"
        case Said():
            text = json.dumps(value.value, ensure_ascii=False)  # The escapes of JSON are escapes of Turtle.
            return f"{text}@{value.language}" if value.language else f"{text}^^{value.type}" if value.type else text


def _name(name: str) -> str:
    return f"<{name}>" if name.startswith("http") else name


def _iri(name: str) -> str:
    return "".join(f"%{ord(each):02X}" if each in '<>"{}|^`\\ ' else each for each in name)


def json_ld(found: Iterable[Node]) -> str:
    """JSON-LD 1.1, with its context inside: nothing has to be fetched to read it."""
    return json.dumps({"@context": PREFIXES, "@graph": [_object(each) for each in found]}, ensure_ascii=False, indent=1)


def _object(node: Node) -> dict[str, Any]:
    said: dict[str, Any] = {"@id": _iri(node.name)} if node.name else {}
    said["@type"] = node.kind
    for predicate, value in node.said:
        said.setdefault(predicate, []).append(_plain(value))
    return said


def _plain(value: Iri | Said | Node) -> dict[str, Any]:
    match value:
        case Iri():
            return {"@id": _iri(value.value)}
        case Node(name=""):
            return _object(value)
        case Node():
            return {"@id": _iri(value.name)}
        case Said():
            extra = {"@language": value.language} if value.language else {"@type": value.type} if value.type else {}
            return {"@value": value.value, **extra}
