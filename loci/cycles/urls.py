"""Addresses of the loop: cycles, reports and plans, practice cards, insights."""

from django.urls import path

from loci.cycles.views import cycles, insights, lessons, reports

app_name = "cycles"
urlpatterns = [
    path("cycles/", cycles.cycles, name="cycles"),
    path("cycles/<uuid:reference>/", cycles.cycle, name="cycle"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:reference>/", reports.report, name="report"),
    path("reports/<uuid:reference>/<slug:kind>/", reports.read, name="read"),
    path("practice/", lessons.lessons, name="lessons"),
    path("practice/write/", lessons.write, name="write_lesson"),
    path("practice/<uuid:reference>/", lessons.lesson, name="lesson"),
    path("practice/<uuid:reference>/change/", lessons.change, name="change_lesson"),
    path("practice/<uuid:reference>/agree/", lessons.agree, name="agree_lesson"),
    path(
        "practice/<uuid:reference>/withdraw/",
        lessons.withdraw,
        name="withdraw_lesson",
    ),
    path("insights/", insights.insights, name="insights"),
    path(
        "insights/insights.<slug:ending>", insights.insights_file, name="insights_file"
    ),
]
