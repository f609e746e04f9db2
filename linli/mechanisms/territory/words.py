"""The levels of the tree as pages call them, in the language of the reader."""

from django.utils.translation import gettext_lazy as _

LEVELS = {1: _("市"), 2: _("县区"), 3: _("镇街"), 4: _("村（社区）"), 5: _("网格")}
"""From the city down to the grid, in a word each."""


def level_words(level: int) -> str:
    """镇街; empty for a level without a word."""
    return str(LEVELS.get(level, ""))
