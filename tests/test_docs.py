"""Every command, setting and power of linli stands in docs/reference; every path and test a document names exists.

After a change of a command or of the posts: python -m tests.test_docs writes commands.md and powers.md anew.
"""

import argparse
import importlib
import os
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
POSTS = ROOT / "packs" / "binzhou" / "posts" / "posts.yaml"
WRITTEN = [path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")) if path.name != "CHANGELOG.md"]

NOTES = {
    "demo": "`bin/demo` installs what is needed and then calls this.",
    "serve": "Put a web server with a certificate in front of it, and say how many proxies there are in `LINLI_PROXIES`.",
    "worker": "Must run beside `serve`. Any number of workers may run, and each may be killed at any instant.",
    "pack": "The [how-to](../howto/write-a-city-pack.md) tells what a pack holds.",
    "account": "Only while nobody can open accounts; all others are opened on the page 人员 (people). The journal says that it came from the command line.",
    "bodies": "All or nothing, every mistake by its line; the same table again does nothing. A draft is what such a city usually has, not a fact about this one: let each county correct it.",
    "hotline": "The [how-to](../howto/connect-a-hotline.md) tells how the two systems are joined.",
    "sms": "The [how-to](../howto/connect-sms.md) tells how a provider is set.",
    "opendata": "The worker publishes last month by itself; the [how-to](../howto/open-data.md) tells what is in the file.",
    "tokens": "The [how-to](../howto/use-the-api.md) tells what a token opens.",
    "webhooks": "A subscription is made on its page; the [how-to](../howto/use-webhooks.md) tells what is sent.",
    "keys": "The [how-to](../howto/keep-personal-data.md) tells when; a rotation that was cut off is run again and goes on.",
    "privacy": "The worker does the same by itself. What was cleared cannot be brought back.",
    "open311": "The [how-to](../howto/use-open311.md) tells what a key opens.",
    "verify": "The [recipe](../howto/verify-the-journal.md) tells how a stranger does the same without linli.",
    "replay": "Only tables that are a function of the journal can be rebuilt; without a name, all of them are.",
    "backup": "The file holds the secret key: whoever has the file has the city. It does not hold the keys of names and phones: keep a copy of `contact_keys` apart.",
    "doctor": "Changes nothing. Exit code 1 if something is wrong.",
    "database": "Only for the embedded database; with `DATABASE_URL` the database is your own to look after.",
}
POWERS = {
    "access.appoint": "establishes bodies and posts, opens accounts, appoints and relieves, within the own area",
    "hotline.exchange": "takes in the hotline's tickets by file, compares days with it, and hands a ticket back",
    "indicators.read": "reads the board 看板 and the lists behind its numbers",
    "journal.read": "reads logs, who looked at identities, and the seals",
    "matters.appeal": "says once that a rating of the own body's answer should not count",
    "matters.accept": "takes up what was assigned to the own body",
    "matters.add": "adds words or photos",
    "matters.ask_extension": "asks for more time, once, with a reason the resident reads",
    "matters.ask_second_look": "asks once for a second look at an exclusion",
    "matters.contact": "writes down that the resident was spoken to, or that it was tried",
    "matters.exclude": "confirms or refuses an exclusion that somebody else proposed",
    "matters.look_again": "looks again at an exclusion of the level below, without a hand in it before",
    "matters.oversee": "says of sampled exclusions whether they were right",
    "matters.propose_exclusion": "proposes not to take a matter up, with the ground and the right channel",
    "matters.urge": "asks for haste, once in the list's period",
    "matters.carry": "carries over what cannot be done now, answers for it and looks again",
    "matters.decide_appeal": "decides an appeal of the level below against a rating, without a hand in the matter",
    "matters.ask_erasure": "asks that personal data be deleted: a resident by the link, an official after checking who asks",
    "matters.correct": "corrects one's own contact data",
    "matters.disclose": "hands a person everything held about them, after checking who they are",
    "matters.erase": "decides requests to delete personal data",
    "matters.hold": "holds personal data back beyond its period, and releases it",
    "matters.mask": "settles which words of a public matter neighbours do not see",
    "matters.extend": "grants or refuses an extension that somebody else of the body asked for",
    "matters.advise": "gives the lead the own body's opinion as a supporting body",
    "matters.approve": "approves or rejects an order that no duty list holds; never one's own asking",
    "matters.ask_help": "asks other bodies to support the lead",
    "matters.refuse_off_list": "refuses, for the own body, what its duty list does not hold",
    "matters.merge": "merges matters about one thing into one of them that is still worked on",
    "matters.split": "splits a matter into parts for several bodies",
    "matters.unmerge": "takes a merged matter out again, with the reason its reporter reads",
    "matters.object": "says that a matter is not this body's duty, once, and names whose it is",
    "matters.rule": "decides an objection of the level below, finally",
    "matters.answer": "tells the resident what came of it",
    "matters.assign": "assigns to a body",
    "matters.press": "presses whoever has a matter, of the same level or below, in grades, and withdraws a card",
    "matters.raise_up": "passes a matter to the next level, with a reason and what was tried",
    "matters.rate": "says that it is solved, and how satisfied",
    "matters.read": "reads matters within the post's scope",
    "matters.redo": "sends an answer back",
    "matters.register": "files a matter",
    "matters.reopen": "says that it is not solved",
    "matters.respond": "answers a supervision card for the own body",
    "matters.reveal": "looks at an identity, after writing down why",
    "matters.settle": "settles a matter on the spot",
    "matters.support": "says that others have the same trouble",
    "matters.verify": "confirms an answer that somebody else gave",
    "matters.visit": "calls the resident about what another body answered, and writes down what they say",
    "matters.withdraw": "takes a matter back",
    "notices.read": "reads the notices of the own post",
    "rulebook.enact": "enacts a new version of a list",
    "openapi.issue": "lets another system act from the own post by a token, with no more than the post's powers",
    "announcements.front": "says how the own street's front page greets: sentence, short address, picture",
    "announcements.publish": "tells the neighbours of an area in the own scope something, corrects it, withdraws it",
    "tasks.ask_delay": "asks for another day for a task of the own body, with the reason",
    "tasks.cancel": "calls a task off, with the reason, as the body that leads its group or one above",
    "tasks.confirm": "confirms that a task is finished, or sends it back; never one's own report",
    "tasks.finish": "reports a task of the own body finished, with what shows it",
    "tasks.give": "records meetings of a group and gives tasks to bodies of city, county and township",
    "tasks.grant_delay": "grants another day or refuses it; never one's own asking",
    "tasks.press": "presses an owner of the same level or below, one grade after the other, and withdraws a card",
    "tasks.read": "reads tasks within the post's scope, and the monthly list",
    "tasks.report": "says how far a task is that the own body owns or helps with",
    "tasks.take_up": "takes up a task of the own body",
    "territory.edit": "notes what an area has",
    "webhooks.subscribe": "lets other systems be told, as it happens, what happens to matters in the own area",
    "whistles.acknowledge": "answers a whistle for the own body, or says why it cannot come",
    "whistles.agree": "writes down what was agreed on the spot",
    "whistles.arrive": "says that the own body is on the spot",
    "whistles.conclude": "says what came of a whistle, for each called body",
    "whistles.convene": "convenes joint meetings, writes down what was concluded, or cancels them",
    "whistles.judge": "says for the own body whether the whistle was justified",
    "whistles.rate": "scores the bodies that were called",
    "whistles.read": "reads whistles within the post's scope, and their statistics",
    "whistles.report": "says what the own body did",
    "whistles.sound": "calls bodies to a place in the own township",
    "whistles.withdraw": "takes a whistle back before anything was agreed",
}


# --- What is written by this page -----------------------------------------------------------------------------------
def options(parser: argparse.ArgumentParser, before: str = "") -> list[str]:
    """A row for each argument, also those of sub-commands."""
    rows = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                rows += options(sub, f"{before}{name} ")
        elif not isinstance(action, argparse._HelpAction):
            name = ", ".join(action.option_strings) or (
                " \\| ".join(map(str, action.choices)) if action.choices else action.dest
            )
            said = (action.help or "").replace("%%", "%")
            rows.append(f"| `{before}{name}` | {said} |".replace("\\|`", "\\|`"))
    return rows


def commands_page() -> str:
    """docs/reference/commands.md."""
    from linli.site.cli import COMMANDS, Needs

    head = (
        "# Commands\n\n`linli` stands for `.venv/bin/python -m linli`, run in the checkout; `bin/setup` makes `.venv`.\n"
        "Written by `python -m tests.test_docs`; a test fails when a command or an option is missing.\n"
    )
    parts = [head]
    for name, (path, needs, summary) in COMMANDS.items():
        parser = argparse.ArgumentParser(prog=name)
        if needs is not Needs.NOTHING:
            parser.add_argument(
                "--data", help="the folder of the city's data (default: `LINLI_DATA`, or the user's own)"
            )
        importlib.import_module(path).arguments(parser)
        rows = options(parser)
        note = f"{NOTES[name]}\n" if name in NOTES else ""
        table = "\n| argument | |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""
        parts.append(f"## linli {name}\n\n{summary[0].upper()}{summary[1:]}.\n{note}{table}")
    return "\n".join(parts)


def powers_page() -> str:
    """docs/reference/powers.md."""
    posts = yaml.safe_load(POSTS.read_text(encoding="utf-8"))["items"]
    scopes = {"area": "the area of the post and below", "body": "what the own body has", "own": "one's own"}
    powers = sorted({power for post in posts for power in post["powers"]})
    by_power = "\n".join(
        f"| `{power}` | {POWERS[power]} | {'、'.join(post['name'] for post in posts if power in post['powers'])} |"
        for power in powers
    )
    by_post = "\n".join(
        f"| {post['name']} | {post['name_en']} | `{post['code']}` | {scopes[post['scope']]} |" for post in posts
    )
    return (
        "# Powers and posts (权限和岗位)\n\n"
        "Powers hang on posts, never on people; which post has which is a list of the city pack (`posts/posts.yaml`).\n"
        "Binzhou's list is assumed (暂定) until the city publishes one.\n"
        "Written by `python -m tests.test_docs`; `tests/policy.csv` holds the same table cell by cell, for an official to read.\n\n"
        f"## Powers\n\n| power | what it allows | posts of Binzhou's pack |\n|---|---|---|\n{by_power}\n\n"
        f"## Posts\n\n| 岗位 | post | code | sees and does |\n|---|---|---|---|\n{by_post}\n"
    )


# --- Tests ----------------------------------------------------------------------------------------------------------
def test_every_command_and_option_is_described():
    """Names are compared, not the sentences beside them: those may be put better in the code at any time."""
    written = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    names = [re.findall(r"^(?:## linli \w+|\| `[^`]+`)", text, re.MULTILINE) for text in (written, commands_page())]
    assert names[0] == names[1], "run: python -m tests.test_docs"


def test_every_power_is_described():
    assert (REFERENCE / "powers.md").read_text(encoding="utf-8") == powers_page(), "run: python -m tests.test_docs"


def test_every_setting_is_described():
    source = (ROOT / "linli" / "site" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env_(?:text|bool|int)\(\s*"([A-Z_]+)"', source))
    for path in (ROOT / "linli" / "site").rglob("*.py"):
        if "tests" not in path.relative_to(ROOT).parts:
            read |= set(
                re.findall(r'environ(?:\.get\(|\[)"(LINLI_[A-Z_]+|DATABASE_URL)"', path.read_text(encoding="utf-8"))
            )
    read = {name.removesuffix("_FILE") for name in read}
    read |= {f"LINLI_OIDC_{part}" for part in ("ID", "ISSUER", "CLIENT_ID", "SECRET", "NAME", "CLAIM", "MATCH")}
    page = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE))
    assert not read - told, "settings that docs/reference/settings.md does not tell of"
    assert not told - read, "settings that are gone"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_names_is_there(path):
    """Links, files in backquotes, and tests named as file::test."""
    text = path.read_text(encoding="utf-8")
    missing = [to for to in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text) if not (path.parent / to).exists()]
    folders, endings = "linli|tests|packs|docs|bin|bench", "py|md|csv|yaml|toml|txt"
    named = re.findall(rf"`((?:{folders})/[\w./-]+?\.(?:{endings}))(?=[`:])", text)
    missing += [file for file in named if not (ROOT / file).exists()]
    for file, test in re.findall(r"`([\w./-]+\.py)::(\w+)`", text):
        if not (ROOT / file).exists() or f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8"):
            missing.append(f"{file}::{test}")
    assert not missing


def test_every_dependency_has_its_reason():
    asked = set()
    for name in ("requirements.in", "requirements-dev.in"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        asked |= {re.split(r"[\[><=~; ]", line)[0] for line in lines if line and line[0] not in "#-"}
    page = (ROOT / "docs" / "decisions" / "0006-dependencies.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)) == asked


def test_both_readmes_give_the_two_commands():
    for name in ("README.md", "README.zh.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "bin/demo" in text
        assert "bin/test" in text


if __name__ == "__main__":
    os.environ.setdefault("LINLI_DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    import django

    django.setup()
    (REFERENCE / "commands.md").write_text(commands_page(), encoding="utf-8")
    (REFERENCE / "powers.md").write_text(powers_page(), encoding="utf-8")
