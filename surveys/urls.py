"""Addresses of parts and results."""

from django.urls import path

from surveys.views import (
    autosave,
    before,
    later,
    papers,
    parts,
    preview,
    results,
    topics,
)

app_name = "surveys"
urlpatterns = [
    path("topics/", topics.topics, name="topics"),
    path("<slug:reference>/", parts.start, name="start"),
    path("<slug:reference>/check/", parts.check, name="check"),
    path("<slug:reference>/send/", parts.send, name="send"),
    path("<slug:reference>/sent/", parts.sent, name="sent"),
    path("<slug:reference>/copy/", papers.copy, name="copy"),
    path("<slug:reference>/paper/", papers.paper, name="paper"),
    path("<slug:reference>/before/", before.before, name="before"),
    path("<slug:reference>/confirm/", parts.confirm, name="confirm"),
    path("<slug:reference>/later/", later.later, name="later"),
    path("<slug:reference>/save/", autosave.autosave, name="autosave"),
    path("<slug:reference>/page/<slug:code>/", parts.section, name="section"),
    path("preview/<int:pk>/<slug:side>/", preview.preview, name="preview"),
    path("waves/<int:pk>/results/", results.results, name="results"),
    path("waves/<int:pk>/results/<str:code>/", results.topic, name="topic"),
    path(
        "waves/<int:pk>/results.<slug:form>", results.results_file, name="results_file"
    ),
]
