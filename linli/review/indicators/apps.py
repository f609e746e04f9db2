"""Django's handle on this app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """指标."""

    name = "linli.review.indicators"
    label = "indicators"
    verbose_name = "指标"

    def ready(self) -> None:
        """Declare the list of indicators, and listen to the journal."""
        from linli.mechanisms import rulebook
        from linli.review.indicators import reactions
        from linli.review.indicators.measures import LISTS

        for each in LISTS:
            rulebook.declare(each)
