"""Django's handle on this app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """谁能."""

    name = "linli.mechanisms.access"
    label = "access"
    verbose_name = "谁能"

    def ready(self) -> None:
        """Declare the list of posts."""
        from linli.mechanisms import rulebook
        from linli.mechanisms.access.rules import PostKinds

        rulebook.declare(PostKinds)
