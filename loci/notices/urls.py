"""Addresses in mails that belong to no page of the product."""

from django.urls import path

from loci.notices.views import stopping

app_name = "notices"
urlpatterns = [path("stop/<str:token>/", stopping.stop_page, name="stop")]
