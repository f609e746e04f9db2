"""The description is complete, is what was promised before, and can be read.

`python -m linli.portals.openapi.tests.test_description` writes the snapshot anew, when it is meant to change.
"""

import json
from pathlib import Path

import pytest

PROMISED = Path(__file__).resolve().parents[4] / "docs" / "reference" / "openapi.json"
pytestmark = pytest.mark.django_db


def described():
    from linli.portals.openapi import describing

    return describing.source()


def operations():
    for path, methods in described()["paths"].items():
        for method, each in methods.items():
            yield f"{method.upper()} {path}", each


def test_the_description_is_what_was_promised():
    assert described() == json.loads(PROMISED.read_text(encoding="utf-8")), (
        "python -m linli.portals.openapi.tests.test_description"
    )


def test_every_operation_is_described_to_the_last_status():
    ids = set()
    for name, each in operations():
        assert each["summary"], name
        assert len(each["tags"]) == 1, name
        assert each["operationId"] not in ids, name
        ids.add(each["operationId"])
        given = {"400", "401", "403", "429"} | ({"304"} if name.startswith("GET") else {"413", "422"})
        assert given <= set(each["responses"]), name
        assert len([status for status in each["responses"] if status.startswith("2")]) == 1, name
        held = described()["components"]["responses"]
        assert all(
            held[one["$ref"].rpartition("/")[2]] if "$ref" in one else one["description"]
            for one in each["responses"].values()
        )
        assert all(one["description"] for one in each["parameters"]), name
        assert ("Idempotency-Key" in {one["name"] for one in each["parameters"]}) is name.startswith("POST"), name


def test_every_field_is_described_and_every_whole_has_an_example():
    schemas = described()["components"]["schemas"]
    for name, schema in schemas.items():
        for field, each in schema.get("properties", {}).items():
            assert each.get("description"), f"{name}.{field}"
    used = set()
    for _name, each in operations():
        for part in (
            each.get("requestBody", {}),
            *(one for status, one in each["responses"].items() if status != "304"),
        ):
            for content in part.get("content", {}).values():
                used.add(content["schema"].get("$ref", "").rpartition("/")[2])
    assert all(schemas[name].get("examples") for name in used - {""})


def test_every_example_is_as_described():
    from linli.portals.openapi import shapes

    for name, schema in described()["components"]["schemas"].items():
        model = getattr(shapes, name)
        for each in schema.get("examples", []):
            model.model_validate_json(json.dumps(each))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_description_is_served_and_can_be_read(client, city, language):
    served = client.get("/api/v1/openapi.json", headers={"Accept-Language": language})
    assert served.status_code == 200
    assert served["Access-Control-Allow-Origin"] == "*"
    assert served.json()["openapi"] == "3.1.0"
    assert set(served.json()["paths"]) == set(described()["paths"])
    page = client.get("/api/", headers={"Accept-Language": language}).content.decode()
    for path in described()["paths"]:
        assert path in page
    assert "https://" not in page.replace("https://linli", "")


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    os.environ.setdefault("LINLI_DEBUG", "1")
    import django

    django.setup()
    PROMISED.write_text(json.dumps(described(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {PROMISED}")
