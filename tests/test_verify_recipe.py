"""docs/howto/verify-the-journal.md, followed word for word by somebody who has only sha256sum and bare Python."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.journal import seals, verification
from linli.mechanisms.journal.models import Entry
from linli.portals.resident.web import following
from tests.toy.facts import ToyNoted
from tests.toy.people import LI

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parent.parent / "docs" / "howto" / "verify-the-journal.md"
SUBJECT = "toy:滨26-0417-0032"


def block(language):
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return found


def run(folder, *command):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=30)


@pytest.fixture
def written():
    for name in (SUBJECT, "toy:一", "toy:二", "toy:三", "toy:四"):
        for length in range(3):
            journal.append(name, ToyNoted(name, length), by=LI.author, at=clock.now())


@pytest.fixture
def chain(tmp_path, written):
    """What psql would print: a column a line."""
    with connection.cursor() as cursor:
        cursor.execute(block("sql").replace("%", "%%").replace(":'subject'", "%s"), [SUBJECT])
        lines = [str(cell) for row in cursor.fetchall() for cell in row]
    (tmp_path / "chain.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "chain.txt"


def test_an_untouched_chain_fits(chain):
    done = run(chain.parent, "bash", "-c", block("bash"))
    last = Entry.objects.get(subject=SUBJECT, seq=3)
    assert done.stdout == f"3 entries, the last with hash {bytes(last.hash).hex()}\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_what_a_page_gives_is_what_the_database_says(chain):
    assert verification.chain_text(SUBJECT) == chain.read_text(encoding="utf-8")


def test_a_changed_entry_is_found(chain):
    text = chain.read_text(encoding="utf-8")
    chain.write_text(text.replace('"length":1', '"length":7', 1), encoding="utf-8")
    done = run(chain.parent, "bash", "-c", block("bash"))
    assert (done.returncode, done.stdout) == (1, "entry 2 was changed\n")


def test_a_removed_entry_is_found(chain):
    lines = chain.read_text(encoding="utf-8").splitlines(keepends=True)
    chain.write_text("".join(lines[:9] + lines[18:]), encoding="utf-8")
    done = run(chain.parent, "bash", "-c", block("bash"))
    assert (done.returncode, done.stdout) == (1, "entry 2 is missing\n")


@pytest.fixture
def proof(tmp_path, written):
    """The file that a matter's page gives."""
    seals.seal_now(everything=True)
    view = following.proof
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__

    class Subject:
        subject = SUBJECT

    (tmp_path / "proof.json").write_bytes(view(None, Subject(), "").content)
    return tmp_path / "proof.json"


def test_a_proof_holds(proof):
    done = run(proof.parent, sys.executable, "-I", "-c", block("python"))
    last = Entry.objects.get(subject=SUBJECT, seq=3)
    assert done.stdout == f"{SUBJECT} entry 3 with hash {bytes(last.hash).hex()} is under seal {last_seal(proof)}\n"
    assert (done.returncode, done.stderr) == (0, "")


def last_seal(proof):
    return json.loads(proof.read_text(encoding="utf-8"))["seal"]["number"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p.update(leaf=p["leaf"].replace(" 3 ", " 2 ")), "another leaf"),
        (lambda p: p.update(root="00" * 32), "not under this root"),
        (lambda p: p["seal"].update(entries=1), "the seal was changed"),
    ],
)
def test_a_forged_proof_does_not_hold(proof, change, said):
    forged = json.loads(proof.read_text(encoding="utf-8"))
    change(forged)
    proof.write_text(json.dumps(forged), encoding="utf-8")
    done = run(proof.parent, sys.executable, "-I", "-c", block("python"))
    assert done.returncode == 1
    assert said in done.stderr
