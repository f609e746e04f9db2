"""先看一眼再发 — words that a resident will read are looked through for somebody's own numbers before they are sent.

As on the page: what is found is named once, and whoever sends it again with `sure` has looked.
"""

from pydantic import BaseModel

from linli.work.matters import queries
from linli.work.matters.words import told_to_resident


class LooksPersonal(Exception):  # noqa: N818  Reads as a sentence where it is raised.
    """The words seem to hold personal data, and nobody has said yet that they should."""

    def __init__(self, found: list[str]) -> None:
        """What was found, as it stands in the words."""
        super().__init__()
        self.found = found


def before_telling(verb: str, said: BaseModel) -> None:
    """Raises LooksPersonal for what should be looked at first. Nothing is looked for where the caller is sure."""
    whole = said.model_dump()
    ask(told_to_resident(verb, whole), sure=bool(whole.get("sure")))


def ask(words: str, *, sure: bool) -> None:
    """The same for words that come by themselves."""
    if words and not sure and (found := queries.personal_in(words)):
        raise LooksPersonal(found)
