"""The pages of notes and services: name, verbs, and what is in the address."""

GET, POST, BOTH = ["GET"], ["POST"], ["GET", "POST"]
ONE, NOTE, SERVICE = ["client_id"], ["client_id", "note_id"], ["client_id", "service_id"]

PAGES = {
    "casenotes:notes": (BOTH, ONE),
    "casenotes:found": (GET, [*ONE, "search_id"]),
    "casenotes:add": (BOTH, ONE),
    "casenotes:draft": (POST, ONE),
    "casenotes:discard_draft": (POST, [*ONE, "draft_id"]),
    "casenotes:restore_draft": (POST, [*ONE, "draft_id"]),
    "casenotes:deleted": (GET, ONE),
    "casenotes:print_several": (GET, ONE),
    "casenotes:pdf_several": (GET, ONE),
    "casenotes:note": (GET, NOTE),
    "casenotes:edit": (BOTH, NOTE),
    "casenotes:draft_of": (POST, NOTE),
    "casenotes:change": (BOTH, NOTE),
    "casenotes:restore": (POST, NOTE),
    "casenotes:print": (GET, NOTE),
    "casenotes:pdf": (GET, NOTE),
    "casenotes:restore_services": (POST, [*NOTE, "moment"]),
    "casenotes:services": (GET, ONE),
    "casenotes:services_csv": (GET, ONE),
    "casenotes:undo_services": (POST, [*ONE, "first", "last"]),
    "casenotes:redo_services": (POST, [*ONE, "first", "last"]),
    "casenotes:add_service": (BOTH, ONE),
    "casenotes:edit_service": (BOTH, SERVICE),
    "casenotes:delete_service": (BOTH, SERVICE),
    "casenotes:restore_service": (POST, SERVICE),
}
