"""Django's handle on this app."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """依据公开."""

    name = "linli.portals.rules"
    label = "rules"
    verbose_name = "依据公开"
