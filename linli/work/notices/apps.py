"""Django's handle on this app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """消息."""

    name = "linli.work.notices"
    label = "notices"
    verbose_name = "消息"

    def ready(self) -> None:
        """Listen to the journal; put the number on the bell."""
        from linli.work.notices import reactions, web
