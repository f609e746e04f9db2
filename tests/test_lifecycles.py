"""The drawings in docs/lifecycles are what flow.py says today.

After a change of a lifecycle: python -m tests.test_lifecycles draws them anew.
"""

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "lifecycles"
APPS = ("announcements", "matters", "tasks", "whistles")
PAGE = """# {title}

Drawn from `linli/work/{app}/flow.py` by `python -m tests.test_lifecycles`; a test fails when the two differ.
Each arrow is a move: its Chinese name, and in brackets its name in the code.

```mermaid
{drawing}```

| move 动作 | needs the power 权限 | may not be made by whoever made 回避 | besides 另须 |
|---|---|---|---|
{rows}
"""
MORE = """
## {title}

```mermaid
{drawing}```

| move 动作 | needs the power 权限 | may not be made by whoever made 回避 | besides 另须 |
|---|---|---|---|
{rows}
"""
TITLES = {
    "matters": "The life of a matter (诉求的一生)",
    "announcements": "The life of a notice to neighbours (告知的一生)",
    "tasks": "The life of a task (任务的一生)",
    "whistles": "The life of a whistle (一次吹哨的一生)",
    "erasure": "And of a request to delete personal data (删除申请)",
    "meeting": "And of a joint meeting (联席会议)",
}


def page(app: str) -> str:
    """The whole page of one app's lifecycle."""
    import importlib

    from linli.mechanisms.flow import Lifecycle

    module = importlib.import_module(f"linli.work.{app}.flow")
    others = [life for life in vars(module).values() if isinstance(life, Lifecycle) and life is not module.LIFE]
    drawn = PAGE.format(title=TITLES[app], app=app, drawing=module.LIFE.as_mermaid(), rows=rows(module.LIFE))
    return drawn + "".join(
        MORE.format(title=TITLES[life.kind], drawing=life.as_mermaid(), rows=rows(life)) for life in others
    )


def rows(life) -> str:
    """A line for each move."""
    return "\n".join(
        f"| {move.label} `{move.name}` | `{move.power}` | {'、'.join(str(life.moves[each].label) for each in move.four_eyes)} | {move.note} |"
        for move in life.moves.values()
    )


@pytest.mark.parametrize("app", APPS)
def test_the_drawing_is_current(app):
    drawn = (FOLDER / f"{app}.md").read_text(encoding="utf-8")
    assert drawn == page(app), "run: python -m tests.test_lifecycles"


def test_every_lifecycle_is_drawn():
    work = Path(__file__).resolve().parent.parent / "linli" / "work"
    assert {flow.parent.name for flow in work.glob("*/flow.py")} == set(APPS)


if __name__ == "__main__":
    os.environ.setdefault("LINLI_DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    import django

    django.setup()
    for each in APPS:
        (FOLDER / f"{each}.md").write_text(page(each), encoding="utf-8")
