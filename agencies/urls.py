from django.urls import path

from agencies import views

app_name = "agencies"

urlpatterns = [
    path("settings/sessions/", views.sessions, name="sessions"),
    path("settings/sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("settings/sessions/<slug:number>/end/", views.end_session, name="end_session"),
    path("invitations/<int:invitation_id>/<slug:key>/", views.answer, name="answer_invitation"),
    path("two-step-reset/", views.factor_reset, name="factor_reset"),
    path("two-step-reset/<str:link>/", views.confirm_factor_reset, name="confirm_factor_reset"),
    path("users/lookup/", views.user_lookup, name="user_lookup"),
    path("limits/<slug:kind>/", views.limit, name="limit"),
]
