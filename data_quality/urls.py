"""The data quality pages within Django admin; the admin site wraps them in its permission."""

from collections.abc import Callable

from django.urls import URLPattern, path

from data_quality import views
from data_quality.caseload import views as caseload


def quality_pages(protected: Callable) -> list[URLPattern]:
    """Return the pages; `protected` lets only Data Quality Officers and administrators in."""
    return [
        path("caseload/", protected(caseload.overview), name="caseload"),
        path("caseload/<slug:listed_as>/", protected(caseload.clients), name="caseload_list"),
        path("caseload/<slug:listed_as>/csv/", protected(caseload.as_csv), name="caseload_csv"),
        path("quality/", protected(views.overview), name="quality"),
        path("quality/count/", protected(views.count), name="quality_count"),
        path("quality/progress/", protected(views.progress), name="quality_progress"),
        path("quality/<slug:key>/", protected(views.found), name="quality_list"),
        path("quality/<slug:key>/csv/", protected(views.as_csv), name="quality_csv"),
        path("quality/<slug:key>/<int:pk>/fix/", protected(views.fix), name="quality_fix"),
        path(
            "quality/<slug:key>/<int:pk>/next/",
            protected(views.fix_next),
            name="quality_next",
        ),
    ]
