"""Django's handle on this app."""

from django.apps import AppConfig


class FlowConfig(AppConfig):
    """下一步."""

    name = "linli.mechanisms.flow"
    label = "flow"
    verbose_name = "下一步"

    def ready(self) -> None:
        """Listen to the journal."""
        from linli.mechanisms.flow import reactions
