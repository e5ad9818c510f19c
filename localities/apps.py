from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LocalitiesConfig(AppConfig):
    name = "localities"
    verbose_name = _("Localities and pairs")

    def ready(self) -> None:
        """What waits in the outbox is asked about once more before it goes."""
        import_module("localities.services.still_due")
