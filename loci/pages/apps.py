from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "loci.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """What waits in the outbox is asked about once more before it goes."""
        import_module("loci.pages.services.saved_searches")
