"""Addresses of suggestions."""

from django.urls import path

from matchmaking.views import (
    cards,
    check_ins,
    circles,
    experts,
    introductions,
    requests,
)

app_name = "matchmaking"
urlpatterns = [
    path("expertise/", experts.expertise, name="expertise"),
    path(
        "expertise/<uuid:reference>/withdraw/",
        experts.withdraw,
        name="expertise_withdraw",
    ),
    path("circles/<uuid:reference>/", circles.circle, name="circle"),
    path("ask/<slug:slug>/", requests.ask, name="ask"),
    path(
        "asked/<uuid:reference>/withdraw/", requests.withdraw, name="request_withdraw"
    ),
    path("<uuid:reference>/", cards.card, name="card"),
    path("<uuid:reference>/yes/", cards.say_yes, name="yes"),
    path("<uuid:reference>/later/", cards.say_later, name="later"),
    path("<uuid:reference>/no/", cards.say_no, name="no"),
    path("<uuid:reference>/another/", cards.ask_another, name="another"),
    path("<uuid:reference>/note/", introductions.note, name="note"),
    path("<uuid:reference>/time/", introductions.time, name="time"),
    path("<uuid:reference>/calendar.ics", introductions.calendar, name="calendar"),
    path("<uuid:reference>/check-in/", check_ins.check_in, name="check_in"),
]
