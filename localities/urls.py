"""Addresses of `who`: invitations, the people of a side."""

from django.urls import path

from localities.views import invitations, profile, public_sources, team

app_name = "localities"
urlpatterns = [
    path("invitations/code/", invitations.code, name="invitation_code"),
    path("invitations/open/<int:pk>/", invitations.opened, name="invitation_opened"),
    path("invitations/<int:pk>/withdraw/", team.withdraw, name="invitation_withdraw"),
    path("invitations/<int:pk>/again/", team.again, name="invitation_again"),
    path("invitations/<str:token>/", invitations.by_link, name="invitation"),
    path(
        "pairs/still-true/<str:token>/",
        profile.still_true_by_mail,
        name="still_true_by_mail",
    ),
    path("pairs/facts/<int:pk>/", profile.change, name="fact"),
    path("pairs/facts/<int:pk>/remove/", profile.remove, name="fact_remove"),
    path("pairs/public-lines/<int:pk>/", public_sources.line, name="public_line"),
    path("pairs/<slug:slug>/profile/", profile.profile, name="profile"),
    path("pairs/<slug:slug>/profile/<slug:kind>/", profile.add, name="fact_add"),
    path("pairs/<slug:slug>/still-true/", profile.still_true, name="still_true"),
    path("pairs/<slug:slug>/publish/", profile.publish, name="publish"),
    path("pairs/<slug:slug>/phase/", profile.phase, name="phase"),
    path("pairs/<slug:slug>/milestone/", profile.milestone, name="milestone"),
    path("pairs/<slug:slug>/people/", team.team, name="team"),
    path("pairs/<slug:slug>/invite/<slug:kind>/", team.invite, name="invite"),
    path("pairs/<slug:slug>/leave/", team.leave, name="leave"),
]
