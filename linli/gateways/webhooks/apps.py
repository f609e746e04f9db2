"""Django's handle on this app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """推送."""

    name = "linli.gateways.webhooks"
    label = "webhooks"
    verbose_name = "推送"

    def ready(self) -> None:
        """Readers and jobs are known once their modules are imported."""
        from linli.gateways.webhooks import reactions, tasks
