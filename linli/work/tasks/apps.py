"""Django's handle on this app."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """任务."""

    name = "linli.work.tasks"
    label = "tasks"
    verbose_name = "任务"

    def ready(self) -> None:
        """Declare the lists this app is decided by, and let timers find it."""
        from linli.mechanisms import rulebook
        from linli.work.tasks import queries, service
        from linli.work.tasks.rules import LISTS

        for each in LISTS:
            rulebook.declare(each)
        rulebook.affects("tasks/groups", queries.open_under)
