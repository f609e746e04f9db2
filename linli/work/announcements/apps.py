"""Django's handle on this app."""

from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    """邻里告知."""

    name = "linli.work.announcements"
    label = "announcements"
    verbose_name = "邻里告知"

    def ready(self) -> None:
        """Declare the list this app is decided by, and let timers find it."""
        from linli.mechanisms import rulebook
        from linli.work.announcements import queries, service
        from linli.work.announcements.rules import Kinds

        rulebook.declare(Kinds)
        rulebook.affects(Kinds.key, queries.standing_under)
