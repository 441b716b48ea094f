from django.urls import path

from agencies.views import sessions
from agencies.views.factor_reset import confirm_factor_reset, factor_reset
from agencies.views.invitations import answer
from agencies.views.limits import limit
from agencies.views.lookup import user_lookup

app_name = "agencies"

urlpatterns = [
    path("settings/sessions/", sessions.sessions, name="sessions"),
    path("settings/sessions/end-others/", sessions.end_other_sessions, name="end_other_sessions"),
    path("settings/sessions/<slug:number>/end/", sessions.end_session, name="end_session"),
    path(
        "invitations/<int:invitation_id>/<slug:key>/",
        answer,
        name="answer_invitation",
    ),
    path("two-step-reset/", factor_reset, name="factor_reset"),
    path("two-step-reset/<str:link>/", confirm_factor_reset, name="confirm_factor_reset"),
    path("users/lookup/", user_lookup, name="user_lookup"),
    path("limits/<slug:kind>/", limit, name="limit"),
]
