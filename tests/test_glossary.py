"""GLOSSARY.md names every model and every fact once; no term has two names, no name two terms."""

import importlib
import pkgutil
import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps

import linli.facts
from linli.facts.base import Fact

PAGE = Path(__file__).resolve().parent.parent / "GLOSSARY.md"


def rows():
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "中文"]


def identifiers():
    return {name for row in rows() for name in re.findall(r"`([A-Za-z]+)`", row[2])}


def all_facts():
    for module in pkgutil.walk_packages(linli.facts.__path__, "linli.facts."):
        importlib.import_module(module.name)
    found, waiting = set(), [Fact]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if each.__module__.startswith("linli."):
                found.add(each.__name__)
    return found


def test_every_row_has_four_cells():
    assert not [row for row in rows() if len(row) != 4 or not all(row[:3])]


def test_every_model_is_listed():
    models = {model.__name__ for model in apps.get_models() if model.__module__.startswith("linli.")}
    assert not models - identifiers()


def test_every_fact_is_listed():
    assert not all_facts() - identifiers()


@pytest.mark.parametrize(("column", "what"), [(0, "term"), (1, "English name")])
def test_nothing_is_listed_twice(column, what):
    again = [each for each, times in Counter(row[column].lower() for row in rows()).items() if times > 1]
    assert not again, f"{what} with two rows"


def test_no_identifier_means_two_things():
    again = Counter(row[2] for row in rows() if not row[2].startswith(("`kind`", "post")))
    assert not [each for each, times in again.items() if times > 1]


def test_every_class_named_is_in_the_code():
    """A class that was renamed must not live on here."""
    named = {each for each in identifiers() if each[0].isupper()}
    models = {model.__name__ for model in apps.get_models()}
    others = {"Actor", "Fact", "Lifecycle", "Move"}
    assert not named - models - all_facts() - others
