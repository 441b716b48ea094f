"""Beneath /clients/<client_id>/."""

from django.urls import include, path

from casenotes.views import change, drafts, notes, printing, service_file, services, write

app_name = "casenotes"

urlpatterns = [
    path("case-notes/", notes.notes, name="notes"),
    path("case-notes/find/<uuid:search_id>/", notes.found, name="found"),
    path("case-notes/add/", write.add, name="add"),
    path("case-notes/draft/", drafts.keep, name="draft"),
    path("case-notes/draft/<uuid:draft_id>/discard/", drafts.discard, name="discard_draft"),
    path("case-notes/draft/<uuid:draft_id>/restore/", drafts.restore, name="restore_draft"),
    path("case-notes/deleted/", change.deleted, name="deleted"),
    path("case-notes/print/", printing.printed, name="print_several"),
    path("case-notes/pdf/", printing.pdf, name="pdf_several"),
    path("case-notes/<int:note_id>/", notes.note, name="note"),
    path("case-notes/<int:note_id>/edit/", write.edit, name="edit"),
    path("case-notes/<int:note_id>/draft/", drafts.keep, name="draft_of"),
    path("case-notes/<int:note_id>/change/", change.change, name="change"),
    path(
        "case-notes/<int:note_id>/services/<int:moment>/restore/",
        write.restore_services,
        name="restore_services",
    ),
    path("case-notes/<int:note_id>/restore/", change.restore, name="restore"),
    path("case-notes/<int:note_id>/print/", printing.printed, name="print"),
    path("case-notes/<int:note_id>/pdf/", printing.pdf, name="pdf"),
    path("services/undo/<int:first>/<int:last>/", services.undo, name="undo_services"),
    path("services/redo/<int:first>/<int:last>/", services.redo, name="redo_services"),
    path("services/", services.services, name="services"),
    path("services/csv/", service_file.services_csv, name="services_csv"),
    path("services/", include(services.pages.urls)),
]
