"""The data quality pages within Django admin; the admin site wraps them in its permission."""

from collections.abc import Callable

from django.urls import URLPattern, path

from data_quality import views


def quality_pages(protected: Callable) -> list[URLPattern]:
    """Return the pages; `protected` lets only Data Quality Officers and administrators in."""
    return [
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
