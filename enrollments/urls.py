"""Pages of a client's enrollments and case assignments, and the intake."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "enrollments"

enrollment_pages: list[URLPattern] = []
case_manager_pages: list[URLPattern] = []

urlpatterns: list[URLPattern | URLResolver] = [
    path("clients/<int:client_id>/enrollments/", include(enrollment_pages)),
    path("clients/<int:client_id>/case-managers/", include(case_manager_pages)),
]
