from django.urls import path

from agencies.views import account
from agencies.views.limits import limit
from agencies.views.lookup import user_lookup

app_name = "agencies"

urlpatterns = [
    path("settings/sessions/", account.sessions, name="sessions"),
    path("settings/sessions/end-others/", account.end_other_sessions, name="end_other_sessions"),
    path("settings/sessions/<slug:number>/end/", account.end_session, name="end_session"),
    path("invitations/<int:invitation_id>/<slug:key>/", account.answer, name="answer_invitation"),
    path("two-step-reset/", account.factor_reset, name="factor_reset"),
    path("two-step-reset/<str:link>/", account.confirm_factor_reset, name="confirm_factor_reset"),
    path("users/lookup/", user_lookup, name="user_lookup"),
    path("limits/<slug:kind>/", limit, name="limit"),
]
