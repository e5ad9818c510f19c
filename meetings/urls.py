"""Addresses of meetings."""

from django.urls import path

from meetings.views import after, clinics, coming, feeds, meetings, sessions, talks

app_name = "meetings"
urlpatterns = [
    path("", meetings.meetings, name="list"),
    path("calendars/", feeds.feeds, name="feeds"),
    path("calendars/<int:pk>/end/", feeds.revoke, name="feed_end"),
    path("calendars/<slug:token>.ics", feeds.feed, name="feed"),
    path("clinics/", clinics.clinics, name="clinics"),
    path("clinics/new/", clinics.new, name="clinic_new"),
    path("clinics/<uuid:reference>/", clinics.clinic, name="clinic"),
    path("clinics/<uuid:reference>/times/", clinics.times, name="clinic_times"),
    path("clinics/<uuid:reference>/settle/", clinics.settle, name="clinic_settle"),
    path("clinics/<uuid:reference>/try/", clinics.attempt_new, name="attempt_new"),
    path(
        "clinics/<uuid:reference>/calendar.ics",
        clinics.calendar,
        name="clinic_calendar",
    ),
    path("attempts/<int:pk>/", clinics.attempt, name="attempt"),
    path("<uuid:reference>/", meetings.meeting, name="meeting"),
    path("<uuid:reference>/talks/", talks.talks, name="talks"),
    path("<uuid:reference>/tables/", talks.tables, name="tables"),
    path("<uuid:reference>/after/", after.feedback, name="after"),
    path("<uuid:reference>/notes.txt", after.notes, name="notes"),
    path("<uuid:reference>/calendar.ics", meetings.calendar, name="calendar"),
    path("<uuid:reference>/join/", meetings.join, name="join"),
    path("<uuid:reference>/host/", meetings.host, name="host"),
    path("<uuid:reference>/sessions/<int:pk>/", sessions.session, name="session"),
    path("<uuid:reference>/sessions/<int:pk>/wish/", sessions.wish, name="wish"),
    path("<uuid:reference>/<int:pk>/answer/", coming.answer, name="answer"),
    path("<uuid:reference>/<int:pk>/instead/", coming.instead, name="instead"),
    path("<uuid:reference>/<int:pk>/private/", coming.private, name="private"),
]
