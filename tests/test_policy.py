"""岗位×权限 — every cell of who may do what, compared with the table an official has read (tests/policy.csv).

After a wanted change of the pack: python -m tests.test_policy writes the table anew; read the difference before you commit it.
"""

import csv
import os
from pathlib import Path

TABLE = Path(__file__).with_name("policy.csv")
POSTS = Path(__file__).resolve().parent.parent / "packs" / "binzhou" / "posts" / "posts.yaml"


def as_the_pack_says() -> list[list[str]]:
    """A line per power, a column per post; ● where the post has it."""
    import yaml

    posts = yaml.safe_load(POSTS.read_text(encoding="utf-8"))["items"]
    powers = sorted({power for post in posts for power in post["powers"]})
    head = ["权限", *(f"{post['name']} {post['code']}" for post in posts)]
    return [head, *([power, *("●" if power in post["powers"] else "" for post in posts)] for power in powers)]


def test_every_post_has_exactly_the_powers_of_the_table():
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        assert as_the_pack_says() == list(csv.reader(file))


def test_nobody_both_handles_and_verifies():
    table = as_the_pack_says()
    rows = {line[0]: line[1:] for line in table[1:]}
    both = [
        post
        for post, answer, verify in zip(table[0][1:], rows["matters.answer"], rows["matters.verify"], strict=True)
        if answer and verify
    ]
    assert both == []


def test_whoever_only_looks_moves_nothing():
    table = as_the_pack_says()
    moves = ("register", "settle", "raise_up", "assign", "accept", "answer", "verify", "redo", "add", "reveal")
    for post in ("auditor", "leader"):
        column = next(i for i, name in enumerate(table[0]) if name.endswith(f" {post}"))
        assert [line[0] for line in table[1:] if line[column] and line[0] in {f"matters.{m}" for m in moves}] == []


if __name__ == "__main__":
    with TABLE.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, lineterminator=os.linesep).writerows(as_the_pack_says())
