"""Django's handle on this app."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """依据."""

    name = "linli.mechanisms.rulebook"
    label = "rulebook"
    verbose_name = "依据"

    def ready(self) -> None:
        """Declare the rulebook's own list."""
        from linli.mechanisms.rulebook.registry import declare
        from linli.mechanisms.rulebook.rules import CalendarYear

        declare(CalendarYear)
