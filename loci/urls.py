"""All addresses, composed here and nowhere else."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("loci.pages.urls")),
    path("", include("localities.urls")),
    path("", include("loci.accounts.urls")),
    path("surveys/", include("surveys.urls")),
    path("suggestions/", include("matchmaking.urls")),
    path("meetings/", include("meetings.urls")),
    path("mails/", include("loci.notices.urls")),
    path("", include("loci.cycles.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
