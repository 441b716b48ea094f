from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from cas.urls import delivery_pages
from clients.views import form_drafts
from clients.views.find import search
from hmis.errors import not_found
from hmis.views import accounting, health, help, home, menu, printing, session, settings

admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", home.home, name="home"),
    path("settings/", settings.settings, name="settings"),
    path("help/", help.index, name="help"),
    path("help/questions/", help.questions, name="help_questions"),
    path("help/<slug:topic>/", help.topic, name="help_topic"),
    path("help/<slug:topic>/pdf/", help.document, name="help_document"),
    path("search/", search, name="search"),
    path("menu/<slug:key>/pin/", menu.pin, name="pin"),
    path("session/", session.session, name="session"),
    path("health/", health.health, name="health"),
    path("health/mail/", health.mail_health, name="mail_health"),
    path("clients/", include("clients.urls")),
    path("clients/<int:client_id>/", include("casenotes.urls")),
    path("clients/<int:client_id>/seen-by/", accounting.accounting, name="accounting"),
    path("clients/<int:client_id>/seen-by/print/", accounting.printed, name="accounting_print"),
    path("clients/<int:client_id>/seen-by/pdf/", accounting.pdf, name="accounting_pdf"),
    path("clients/<int:client_id>/", include(printing.pages)),
    path("attendance/", include("casenotes.attendance_urls")),
    path("drafts/", form_drafts.drafts, name="form_drafts"),
    path("drafts/<uuid:draft_id>/discard/", form_drafts.discard, name="discard_form_draft"),
    path("duplicates/", include("clients.duplicate_urls")),
    path("cas/deliveries/", include((delivery_pages, "deliveries"))),
    path("mail/", include("outbox.urls")),
    path("demonstration-mail/", include("outbox.demonstration_urls")),
    path("", include("agencies.urls")),
    path("", include("enrollments.urls")),
    path("", include("tasks.urls")),
    path("", include("consent.urls")),
    path("clients/<int:client_id>/", include("files.urls")),
    path("", include("cas.urls")),
    path("clients/<int:client_id>/privacy/", include("privacy.urls")),
    path(
        "accounts/email/", not_found, name="account_email"
    ),  # administrators change it, not its owner
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "hmis.errors.bad_request"
handler403 = "hmis.errors.forbidden"
handler404 = "hmis.errors.not_found"
handler500 = "hmis.errors.server_error"
