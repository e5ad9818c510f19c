from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CyclesConfig(AppConfig):
    name = "loci.cycles"
    label = "cycles"
    verbose_name = _("Themes and promises")

    def ready(self) -> None:
        """What waits in the outbox is asked about once more before it goes."""
        import_module("loci.cycles.services.still_due")
