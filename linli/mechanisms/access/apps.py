"""Django's handle on this app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """谁能."""

    name = "linli.mechanisms.access"
    label = "access"
    verbose_name = "谁能"

    def ready(self) -> None:
        """Declare the lists of posts and of what bodies are for."""
        from linli.mechanisms import rulebook
        from linli.mechanisms.access.rules import Functions, PostKinds

        rulebook.declare(PostKinds)
        rulebook.declare(Functions)
