"""Addresses of suggestions."""

from django.urls import path

from matchmaking.views import cards, check_ins

app_name = "matchmaking"
urlpatterns = [
    path("<uuid:reference>/", cards.card, name="card"),
    path("<uuid:reference>/yes/", cards.say_yes, name="yes"),
    path("<uuid:reference>/later/", cards.say_later, name="later"),
    path("<uuid:reference>/no/", cards.say_no, name="no"),
    path("<uuid:reference>/check-in/", check_ins.check_in, name="check_in"),
]
