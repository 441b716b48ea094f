"""The HMIS CSV pages within Django admin; the admin site wraps them in its permission."""

from collections.abc import Callable

from django.urls import URLPattern, path

from exchange import views


def exchange_pages(protected: Callable) -> list[URLPattern]:
    """Return the pages; `protected` lets only Data Quality Officers and administrators in."""
    pages = {
        "": ("transfers", views.transfers),
        "export/": ("new_export", views.new_export),
        "import/": ("new_import", views.new_import),
        "<int:transfer_id>/": ("transfer", views.transfer),
        "<int:transfer_id>/progress/": ("transfer_progress", views.progress),
        "<int:transfer_id>/confirm/": ("transfer_confirm", views.confirm),
        "<int:transfer_id>/cancel/": ("transfer_cancel", views.cancel),
        "<int:transfer_id>/delete/": ("transfer_delete", views.delete),
        "<int:transfer_id>/download/": ("transfer_download", views.download),
        "<int:transfer_id>/report/": ("transfer_report", views.report),
    }
    return [
        path(f"hmis-csv/{place}", protected(view), name=name)
        for place, (name, view) in pages.items()
    ]
