"""What a browser is given: colours one can read, few bytes, nothing a strict policy would refuse, vendored files as locked."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

STATIC = Path(settings.PACKAGE) / "site" / "static"
SHEET = (STATIC / "linli.css").read_text(encoding="utf-8")
TEMPLATES = sorted(Path(settings.PACKAGE).glob("**/templates/**/*.jinja"))
VENDORED = (STATIC / "vendor", Path(settings.PACKAGE) / "engines" / "documents" / "fonts")
TONES = ("waiting", "hand", "overdue", "done", "refused", "carried")


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


NORMAL = tokens(re.search(r":root \{(.*?)\n\}", SHEET, re.DOTALL)[1])  # type: ignore[index]
LARGE = NORMAL | tokens(re.search(r"html\.large \{(.*?)\n\}", SHEET, re.DOTALL)[1])  # type: ignore[index]


def brightness(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((brightness(one), brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("palette", "least"), [(NORMAL, 4.5), (LARGE, 7.0)], ids=["normal", "large"])
def test_every_text_colour_can_be_read_on_every_ground(palette: dict[str, str], least: float):
    pairs = [(text, ground) for text in ("ink", "ink-2", "accent", *TONES) for ground in ("paper", "card")]
    pairs += [(tone, f"{tone}-wash") for tone in TONES] + [("ink-2", "waiting-wash"), ("accent-deep", "accent-wash")]
    found = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in pairs}
    assert {pair: value for pair, value in found.items() if value < least} == {}
    assert contrast(palette["accent"], "#ffffff") >= least


def test_the_edge_of_what_can_be_used_is_seen():
    assert contrast(NORMAL["edge"], NORMAL["paper"]) >= 3
    assert contrast(NORMAL["edge"], NORMAL["card"]) >= 3


def test_the_first_page_is_light():
    own = sum((STATIC / name).stat().st_size for name in ("live.js", "keys.js", "drafts.js", "photo.js", "map.js"))
    assert len(SHEET.encode()) <= 30_000
    assert own <= 45_000


def test_templates_hold_nothing_a_strict_policy_refuses():
    wrong = re.compile(
        r"<script(?![^>]*\b(?:src=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=[\"']|javascript:|https?://(?!www\.w3\.org)[\w.]+/"
    )
    found = [
        f"{file}:{number}"
        for file in TEMPLATES
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if wrong.search(line)
    ]
    assert found == []


def test_the_policy_lets_only_our_own_scripts_and_styles_run(client: Client):
    policy = dict(part.strip().split(" ", 1) for part in client.get("/pieces/")["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in " ".join(policy.values())


@pytest.mark.parametrize("vendor", VENDORED, ids=lambda folder: folder.name)
def test_what_others_wrote_is_what_was_locked(vendor: Path):
    lock = json.loads((vendor / "vendor.lock").read_text(encoding="utf-8"))
    there = {file.relative_to(vendor).as_posix() for file in vendor.glob("*/**/*") if file.is_file()}
    assert there == set(lock["files"])
    for name, entry in lock["files"].items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == entry["sha256"], name
        assert entry["origin"] in lock["packages"]
        folder = name.split("/")[0]
        assert f"{folder}/LICENCE.txt" in there
    assert "http" not in (vendor / "vendor.lock").read_text(encoding="utf-8")


def test_templates_name_only_files_that_are_there():
    named = {path for file in TEMPLATES for path in re.findall(r"static\(['\"]([^'\"]+)", file.read_text("utf-8"))}
    missing = [path for path in named if finders.find(path) is None]
    assert missing == []
