"""Django's admin, with the coordinators' site as the default."""

from django.contrib.admin.apps import AdminConfig


class CockpitAdminConfig(AdminConfig):
    default_site = "loci.cockpit.site.CockpitSite"
