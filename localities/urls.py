"""Addresses of `who`: invitations, the people of a side."""

from django.urls import path

from localities.views import invitations, team

app_name = "localities"
urlpatterns = [
    path("invitations/code/", invitations.code, name="invitation_code"),
    path("invitations/open/<int:pk>/", invitations.opened, name="invitation_opened"),
    path("invitations/<int:pk>/withdraw/", team.withdraw, name="invitation_withdraw"),
    path("invitations/<str:token>/", invitations.by_link, name="invitation"),
    path("pairs/<slug:slug>/people/", team.team, name="team"),
    path("pairs/<slug:slug>/invite/<slug:kind>/", team.invite, name="invite"),
    path("pairs/<slug:slug>/leave/", team.leave, name="leave"),
]
