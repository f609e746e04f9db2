"""诉求 on officials' screens: one module for each subject, one address per verb. Nothing is decided here."""

from linli.work.matters.web.handling import bodies_from
from linli.work.matters.web.page import actor_of, consent_words, filling, matter_page
from linli.work.matters.web.verbs import verb_of

__all__ = ["actor_of", "bodies_from", "consent_words", "filling", "matter_page", "verb_of"]
