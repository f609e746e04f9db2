"""English is a full translation: nothing missing, nothing guessed, placeholders kept, the compiled catalog current."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
ENGLISH = ROOT / "linli/site/locale/en/LC_MESSAGES/django.po"
KEYWORDS = ["gettext_lazy", "ngettext_lazy:1,2", "gettext_noop", "pgettext_lazy:1c,2", "translatable"]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string]


def ids(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, list | tuple) else [message.id]


def key(message: Message) -> tuple[str | None, str]:
    context = message.context
    # Out of a compiled catalog Babel reads contexts as bytes.
    return context.decode() if isinstance(context, bytes) else context, ids(message)[0]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    with ENGLISH.open("rb") as stream:
        return read_po(stream, locale="en")


def test_no_message_is_missing_empty_or_fuzzy(catalog: Catalog, tmp_path: Path) -> None:
    template = tmp_path / "all.pot"
    words = [each for keyword in KEYWORDS for each in ("-k", keyword)]
    extract = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "babel.cfg", *words]
    subprocess.run([*extract, "--output", str(template), "linli"], cwd=ROOT, check=True, capture_output=True)
    with template.open("rb") as stream:
        wanted = {key(each) for each in read_po(stream) if each.id}
    there = {key(each) for each in catalog if each.id and all(strings(each)) and not each.fuzzy}
    lacking = sorted(word for _context, word in wanted - there)
    assert not lacking, f"run bin/messages and translate: {lacking}"


def test_placeholders_agree(catalog: Catalog) -> None:
    for each in catalog:
        if each.id:
            for text in strings(each):
                assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(ids(each)[0])), each.id


def test_the_compiled_catalog_is_current(catalog: Catalog) -> None:
    with ENGLISH.with_suffix(".mo").open("rb") as stream:
        compiled = {key(each): strings(each) for each in read_mo(stream) if each.id}
    assert compiled == {key(each): strings(each) for each in catalog if each.id and all(strings(each))}
