"""Addresses of what a person says about themselves."""

from django.urls import path

from loci.accounts.views import first_steps

app_name = "accounts"
urlpatterns = [
    path("welcome/name/", first_steps.name, name="name"),
    path("welcome/languages/", first_steps.languages, name="languages"),
    path("welcome/seen/", first_steps.seen, name="seen"),
]
