"""接口说明 — the OpenAPI 3.1 description, made once from the code and told in the caller's language."""

import copy
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext

from linli.engines.papers.accept import MEDIA
from linli.portals.openapi import operations
from linli.portals.openapi.calling import PREFIX, api, refusals
from linli.portals.openapi.operations.beside import matters_get_file
from linli.portals.openapi.operations.matters import matters_photo
from linli.portals.openapi.shapes import Problem

WORDS = {"title", "summary", "description"}
"""What of a description is said in words."""
_SUBJECTS = (
    operations.verbs.TAG,
    operations.verbs.STEPS,
    operations.beside.TAG,
    operations.lists.TAG,
    operations.places.TAG,
    operations.mine.TAG,
    operations.others.TAG,
    operations.doings.WHISTLES,
    operations.doings.TASKS,
)


def described() -> dict[str, Any]:
    """In the language of the request."""
    return _told(get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=4)
def _told(language: str) -> dict[str, Any]:
    del language  # What gettext answers in; part of what is remembered.
    told: dict[str, Any] = _turned(_whole())
    return told


def source() -> dict[str, Any]:
    """As it stands in the code, in Chinese: the snapshot that is kept."""
    return copy.deepcopy(_whole())


@lru_cache(maxsize=1)
def _whole() -> dict[str, Any]:
    whole: dict[str, Any] = _plain(api.get_openapi_schema(path_prefix=PREFIX))
    problem = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}", by_alias=True, mode="serialization"
    )
    whole["components"]["schemas"] |= problem.pop("$defs")
    whole["components"]["schemas"]["Problem"] = problem
    whole["components"]["responses"] = _plain(refusals())
    whole["tags"] = [{"name": name} for name in _SUBJECTS]
    whole["servers"] = [{"url": "/"}]
    _files_are_bytes(whole)
    for path in whole["paths"].values():
        for operation in path.values():
            operation.pop("description", None)
            for each in operation["parameters"]:
                each["schema"] = _given(each["schema"])
            operation["responses"] = {
                str(status): each
                for status, each in sorted(operation["responses"].items(), key=lambda pair: int(pair[0]))
            }
    whole["components"]["schemas"] = dict(sorted(whole["components"]["schemas"].items()))
    for schema in whole["components"]["schemas"].values():
        schema.pop("description", None)  # Ours are for who reads the code.
        _without_titles(schema)
    return whole


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is left out, never null."""
    options = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    whole = {**schema, **options[0]} if len(options) == 1 else dict(schema)
    if len(options) == 1:
        whole.pop("anyOf")
    whole.pop("title", None)
    whole.pop("example", None)
    whole.pop("description", None)  # It stands on the parameter.
    return whole


def _files_are_bytes(whole: dict[str, Any]) -> None:
    """What is answered with a file and not with JSON."""
    kinds = {matters_photo.__name__: ("image/jpeg",), matters_get_file.__name__: tuple(MEDIA.values())}
    for path in whole["paths"].values():
        for operation in path.values():
            if operation["operationId"] in kinds:
                operation["responses"][200]["content"] = {
                    kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds[operation["operationId"]]
                }


def _without_titles(schema: Any) -> None:
    """pydantic's titles say the field's own name again."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str) and "properties" not in schema:
            schema.pop("title")
        for name, each in schema.items():
            if name not in {"examples", "example"}:
                _without_titles(each)
    elif isinstance(schema, list):
        for each in schema:
            _without_titles(each)


def _plain(value: Any) -> Any:
    """Ordinary dictionaries and lists, nothing shared between two places."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


def _turned(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {
            key: each if key in {"examples", "example"} and name != "properties" else _turned(each, str(key))
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [gettext(each) if name == "tags" and isinstance(each, str) else _turned(each, name) for each in value]
    if isinstance(value, str) and value and (name in WORDS or name == "name"):
        return gettext(value)
    return value
