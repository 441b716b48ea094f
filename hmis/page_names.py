"""What the pages are called where the access log names them: in words, for people."""

from django.apps import apps
from django.contrib import admin

UNKNOWN = "Unknown page"
OFFICERS = {
    "changelist": "{}",
    "change": "{}: one record",
    "history": "{}: history",
    "delete": "{}: delete",
    "add": "{}: add",
}
NAMES = {
    "home": "Home",
    "search": "Search of the top bar",
    "form_drafts": "Unsaved form",
    "discard_form_draft": "Unsaved form: discard",
    "clients:find": "Find Client",
    "clients:results": "Find Client results",
    "clients:add": "Add New Client",
    "clients:dashboard": "Client Dashboard",
    "clients:edit": "Edit Client",
    "clients:reveal_ssn": "Social Security Number",
    "clients:alerts": "Alerts",
    "clients:add_alert": "Add alert",
    "clients:edit_alert": "Edit alert",
    "clients:delete_alert": "Delete alert",
    "clients:restore_alert": "Restore alert",
    "clients:interested_others": "Interested Others",
    "clients:interested_other": "Interested other",
    "clients:add_interested_other": "Add interested other",
    "clients:edit_interested_other": "Edit interested other",
    "clients:delete_interested_other": "Delete interested other",
    "clients:restore_interested_other": "Restore interested other",
    "duplicates:report": "Report Duplicate",
    "duplicates:compare": "Duplicate report: side by side",
    "duplicates:withdraw": "Withdraw duplicate report",
    "accounting": "Who Has Seen This Record",
    "accounting_print": "Who Has Seen This Record: print",
    "accounting_pdf": "Who Has Seen This Record: PDF",
    "enrollments:caseload": "My Caseload",
    "enrollments:enrollments": "Enrollments",
    "enrollments:enrollment": "Enrollment",
    "enrollments:exit": "Exit",
    "enrollments:undo_exit": "Undo exit",
    "enrollments:add_current_living": "Add current living situation",
    "enrollments:edit_current_living": "Edit current living situation",
    "enrollments:delete_current_living": "Delete current living situation",
    "enrollments:restore_current_living": "Restore current living situation",
    "enrollments:case_managers": "Case Managers",
    "enrollments:add_case_assignment": "Add case manager",
    "enrollments:edit_case_assignment": "Edit case manager",
    "enrollments:end_case_assignment": "End case manager's assignment",
    "enrollments:hand_over": "Hand over to another case manager",
    "enrollments:intakes": "Intake",
    "enrollments:find_for_intake": "Intake: Find Client",
    "enrollments:begin_intake": "Begin intake",
    "enrollments:intake_step": "Intake or assessment",
    "enrollments:autosave_intake": "Intake or assessment: saved while typing",
    "enrollments:discard_intake": "Discard intake",
    "enrollments:restore_intake": "Restore intake",
    "enrollments:finish_intake": "Finish intake or assessment",
    "enrollments:delete_enrollment": "Delete enrollment",
    "enrollments:restore_enrollment": "Restore enrollment",
    "enrollments:reopen": "Edit enrollment's answers",
    "enrollments:update": "Update assessment",
    "enrollments:annual": "Annual assessment",
    "enrollments:exit_answers": "Exit assessment",
    "enrollments:begin_step": "Begin assessment",
    "enrollments:autosave_first": "Begin assessment: saved while typing",
    "enrollments:delete_assessment": "Delete assessment",
    "enrollments:restore_assessment": "Restore assessment",
    "casenotes:notes": "Case Notes",
    "casenotes:found": "Case Notes: search results",
    "casenotes:add": "Add case note",
    "casenotes:draft": "New case note: saved while typing",
    "casenotes:draft_of": "Case note: saved while typing",
    "casenotes:discard_draft": "Discard unsaved case note",
    "casenotes:deleted": "Deleted case notes",
    "casenotes:print_several": "Case notes: print",
    "casenotes:pdf_several": "Case notes: PDF",
    "casenotes:note": "Case note",
    "casenotes:edit": "Edit case note",
    "casenotes:change": "Delete, lock or unlock case note",
    "casenotes:restore": "Restore case note",
    "casenotes:print": "Case note: print",
    "casenotes:pdf": "Case note: PDF",
    "casenotes:services": "Services",
    "casenotes:add_service": "Add service",
    "casenotes:edit_service": "Edit service",
    "casenotes:delete_service": "Delete service",
    "casenotes:restore_service": "Restore service",
    "files:client_files": "Client Files",
    "files:add_client_file": "Add client file",
    "files:client_file": "Client file",
    "files:edit_client_file": "Edit client file",
    "files:delete_client_file": "Delete client file",
    "files:restore_client_file": "Restore client file",
    "files:download_client_file": "Client file: download",
    "files:client_file_thumbnail": "Client file: small picture",
    "files:client_file_page": "Client file: page",
    "files:client_photo": "Client Photo",
    "files:remove_client_photo": "Delete client photo",
    "files:restore_client_photo": "Restore client photo",
    "files:download_client_photo": "Client photo: download",
    "files:small_client_photo": "Client photo: small picture",
    "files:document_checks": "Document Check",
    "files:add_document_check": "Add document check",
    "files:document_check": "Document check",
    "files:edit_document_check": "Edit document check",
    "files:delete_document_check": "Delete document check",
    "files:restore_document_check": "Restore document check",
    "files:download_document_check": "Document check: download",
    "files:document_check_page": "Document check: page",
    "cas:events": "Coordinated Access: Events",
    "cas:event": "Coordinated Access event",
    "cas:add_event": "Add Coordinated Access event",
    "cas:edit_event": "Edit Coordinated Access event",
    "cas:event_result": "Result of Coordinated Access event",
    "cas:delete_event": "Delete Coordinated Access event",
    "cas:restore_event": "Restore Coordinated Access event",
    "cas:notifications": "Notifications",
    "cas:bell": "Notifications under the bell",
    "cas:notification": "Notification",
    "cas:snooze": "Snooze notification",
    "cas:dismiss": "Dismiss notification",
    "cas:dismiss_all": "Dismiss notifications",
    "cas:undo_dismiss": "Undo dismissing notifications",
    "cas:put_back": "Restore notification",
    "deliveries:unanswered": "CAS Deliveries: unanswered",
    "deliveries:undelivered": "CAS Deliveries: not delivered",
    "deliveries:queue": "CAS Deliveries: queue",
    "deliveries:notification": "CAS Deliveries: one notification",
    "deliveries:send_again": "CAS Deliveries: send again",
    "mail:undelivered": "Mail: not delivered",
    "mail:queue": "Mail: queue",
    "mail:sent": "Mail: sent",
    "mail:send_again": "Mail: send again",
    "admin:index": "Data Quality",
    "admin:app_list": "Data Quality",
    "admin:quality": "Data quality rules",
    "admin:quality_list": "Data quality list",
    "admin:quality_csv": "Data quality list: CSV",
    "admin:quality_mend": "Data quality list: fix",
    "admin:quality_next": "Data quality list: next to fix",
    "admin:clients_merge": "Compare and merge two clients",
    "admin:clients_clientaccess_trail": "Client's History",
    "admin:clients_duplicatereport_different": "Duplicate report: different people",
    "admin:enrollments_intakedraft_end": "End paused intake",
    "admin:clients_clientmerge_change": "Merge: what it did, and undo",
}


def page_name(view_name: str) -> str:
    """Return what a page is called; of one that is gone, what its address was called."""
    if name := NAMES.get(view_name):
        return name
    return _of_officers_page(view_name) or _of_former_page(view_name)


def _of_officers_page(view_name: str) -> str:
    """Of a list in the Data Quality workspace, or of one record of it."""
    place, _, name = view_name.partition(":")
    app_label, _, rest = name.partition("_")
    model, _, action = rest.partition("_")
    known = apps.all_models.get(app_label, {}).get(model)
    if place != "admin" or known is None or action not in OFFICERS:
        return ""
    if not admin.site.is_registered(known):
        return ""
    return OFFICERS[action].format(admin.site.get_model_admin(known).heading)


def _of_former_page(view_name: str) -> str:
    words = view_name.replace(":", " ").replace("_", " ").strip()
    return f"{words.capitalize()} (former page)" if words else UNKNOWN
