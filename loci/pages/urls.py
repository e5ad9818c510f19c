"""Addresses of the pages drawn from several chapters."""

from django.urls import path

from loci.pages.views import demo, health, home, own_data, public, saved, statements

app_name = "pages"
urlpatterns = [
    path("", public.landing, name="landing"),
    path("home/", home.home, name="home"),
    path("home/<slug:slug>/other-side/", home.other_side, name="other_side"),
    path("localities/", public.localities, name="localities"),
    path("localities/<slug:slug>/", public.locality, name="locality"),
    path("localities/<slug:slug>/changes/", public.changes, name="changes"),
    path("localities/<slug:slug>/save/", saved.save, name="save"),
    path("localities/<slug:slug>/unsave/", saved.leave, name="unsave"),
    path("saved/", saved.saved, name="saved"),
    path("saved/tell-me/", saved.tell_me, name="tell_me"),
    path("saved/<int:pk>/stop/", saved.stop, name="tell_stop"),
    path("needs-and-offers/<int:pk>/<slug:state>/", statements.settle, name="settle"),
    path("localities/<slug:slug>/memory.json", own_data.memory, name="memory"),
    path(
        "localities/<slug:slug>/memory.html", own_data.memory_page, name="memory_page"
    ),
    path("own-data.html", own_data.own_page, name="own_data_page"),
    path("own-data/", own_data.own, name="own_data"),
    path("own-data.json", own_data.own_file, name="own_data_file"),
    path("own-data/erase/", own_data.forget, name="forget"),
    path("you-said-we-did/", public.you_said_we_did, name="you_said_we_did"),
    path("how-we-suggest/", public.how_we_suggest, name="how_we_suggest"),
    path("demo/", demo.demo, name="demo"),
    path("demo/enter/<int:pk>/", demo.enter, name="enter"),
    path("demo/inbox/", demo.inbox, name="inbox"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("readyz/workers", health.workers, name="workers"),
]
