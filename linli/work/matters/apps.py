"""Django's handle on this app."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """诉求."""

    name = "linli.work.matters"
    label = "matters"
    verbose_name = "诉求"

    def ready(self) -> None:
        """Declare the lists this app is decided by, and let clocks and timers find it."""
        from linli.mechanisms import rulebook
        from linli.work.matters import queries, reactions, rules, service, tasks

        for each in rules.LISTS:
            rulebook.declare(each)
        for key in ("matters/categories", "matters/routing", "matters/limits"):
            rulebook.affects(key, queries.open_under)
