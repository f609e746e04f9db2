"""Compiles a Typst template with values. typst is loaded when the first document is asked for: it costs 0.1 s and 30 MB."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
HOUSE = (HERE / "house.typ").read_text(encoding="utf-8")
NOWHERE = HERE / "fonts" / "no-packages"
"""Where Typst would look for packages of others: there are none, and it is not to ask the internet for them."""


class DocumentError(Exception):
    """A template that Typst cannot compile with these values. For the person who wrote the template."""


def pdf(template: Path, inputs: Mapping[str, Any], *, at: datetime) -> bytes:
    """文书 — one PDF with tags for screen readers, of the same bytes for the same template, inputs and moment.

    `inputs` are plain values (text, numbers, lists, mappings), in the template as `data`. They travel as JSON and are
    never pasted into the source. `at` is the moment the document says it was made, and today inside the template.

    Raises:
        DocumentError: the template has a mistake, or wants a value that was not given.
        TypeError: a value that JSON cannot say, such as a model or a moment; say it in words first.
    """
    (made,) = _compiled(template, inputs, at=at, kind="pdf")
    return made


def png(template: Path, inputs: Mapping[str, Any], *, at: datetime, per_inch: int = 96) -> list[bytes]:
    """The same document as pictures, one a page: for a preview, and for eyes that judge a template."""
    return _compiled(template, inputs, at=at, kind="png", per_inch=per_inch)


def _compiled(
    template: Path, inputs: Mapping[str, Any], *, at: datetime, kind: str, per_inch: int | None = None
) -> list[bytes]:
    import typst  # noqa: PLC0415  Only whoever makes documents pays for it.

    if at.tzinfo is None:
        raise ValueError("the moment of a document needs its time zone")
    data = json.dumps(inputs, ensure_ascii=False, allow_nan=False, sort_keys=True)
    source = f"{HOUSE}\n{template.read_text(encoding='utf-8')}".encode()
    try:
        made = typst.compile(
            source, root=template.parent, font_paths=_fonts(), sys_inputs={"data": data}, format=kind, ppi=per_inch,
            timestamp=int(at.timestamp()), package_path=NOWHERE, package_cache_path=NOWHERE,
        )  # type: ignore[call-overload]  # fmt: skip
    except typst.TypstError as refused:
        raise DocumentError(f"{template.name}: {refused.message}") from refused
    pages: Sequence[bytes] = made if isinstance(made, list) else [made]
    return list(pages)


@cache
def _fonts() -> "typst.Fonts":
    """Read once: our own, none of the machine's, so that a document is the same on every machine."""
    import typst  # noqa: PLC0415

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
