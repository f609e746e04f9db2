"""A calendar year was entered: provisional deadlines are counted anew."""

from linli.facts.rulebook import RuleEnacted
from linli.mechanisms import journal
from linli.mechanisms.flow import clocks


@journal.reader("flow.calendar", RuleEnacted)
def recompute(heard: journal.Heard) -> None:
    """重算 — due moments that crossed a year not yet published."""
    assert isinstance(heard.fact, RuleEnacted)
    if heard.fact.key.startswith("calendar/"):
        clocks.recompute_provisional()
