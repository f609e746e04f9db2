"""Django's handle on this app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """指标."""

    name = "linli.review.indicators"
    label = "indicators"
    verbose_name = "指标"

    def ready(self) -> None:
        """Listen to the journal."""
        from linli.review.indicators import reactions
