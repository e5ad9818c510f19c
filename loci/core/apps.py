from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "loci.core"
    label = "core"
