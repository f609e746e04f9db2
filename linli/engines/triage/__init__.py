"""From one sentence to a proposal (诉求研判): which category, how sure, because of which words, and how urgent.

No model is trained and nothing is learnt from residents: the words are the city's own list, so an official can see
why a proposal was made and mend it by adding a word. A person always decides; see `similar` for near-duplicates.
"""

from linli.engines.triage.alarm import EMERGENCY_WORDS, Alarm
from linli.engines.triage.likeness import Likeness, similar
from linli.engines.triage.proposing import Alternative, CategoryWords, Proposal, Triage

__all__ = ["EMERGENCY_WORDS", "Alarm", "Alternative", "CategoryWords", "Likeness", "Proposal", "Triage", "similar"]
