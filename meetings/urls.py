"""Addresses of meetings."""

from django.urls import path

from meetings.views import coming, feeds, meetings, sessions

app_name = "meetings"
urlpatterns = [
    path("", meetings.meetings, name="list"),
    path("calendars/", feeds.feeds, name="feeds"),
    path("calendars/<int:pk>/end/", feeds.revoke, name="feed_end"),
    path("calendars/<slug:token>.ics", feeds.feed, name="feed"),
    path("<uuid:reference>/", meetings.meeting, name="meeting"),
    path("<uuid:reference>/calendar.ics", meetings.calendar, name="calendar"),
    path("<uuid:reference>/join/", meetings.join, name="join"),
    path("<uuid:reference>/host/", meetings.host, name="host"),
    path("<uuid:reference>/sessions/<int:pk>/", sessions.session, name="session"),
    path("<uuid:reference>/sessions/<int:pk>/wish/", sessions.wish, name="wish"),
    path("<uuid:reference>/<int:pk>/answer/", coming.answer, name="answer"),
    path("<uuid:reference>/<int:pk>/instead/", coming.instead, name="instead"),
    path("<uuid:reference>/<int:pk>/private/", coming.private, name="private"),
]
