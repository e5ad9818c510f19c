"""Addresses of reports."""

from django.urls import path

from loci.cycles.views import reports

app_name = "cycles"
urlpatterns = [
    path("", reports.reports, name="reports"),
    path("<uuid:reference>/", reports.report, name="report"),
    path("<uuid:reference>/<slug:kind>/", reports.read, name="read"),
]
