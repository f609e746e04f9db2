"""Django's handle on this app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """工作台."""

    name = "linli.portals.desk"
    label = "desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Declare the lists, and offer the standard texts to the pages that have words to write."""
        from linli.mechanisms import rulebook
        from linli.mechanisms.access import pages
        from linli.portals.desk import phrases
        from linli.portals.desk.rules import LISTS

        for each in LISTS:
            rulebook.declare(each)
        pages.share("phrases")(phrases.offered)
