"""Django's handle on this app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """发生了什么."""

    name = "linli.mechanisms.journal"
    label = "journal"
    verbose_name = "发生了什么"
