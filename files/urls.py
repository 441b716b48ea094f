from django.urls import include, path

from files.views import client_files, client_photo, document_checks

app_name = "files"

urlpatterns = [
    path("files/", client_files.client_files, name="client_files"),
    path("files/", include(client_files.pages.urls)),
    path("files/<int:file_id>/thumbnail/", client_files.thumbnail, name="client_file_thumbnail"),
    path("document-check/", document_checks.document_checks, name="document_checks"),
    path("document-check/", include(document_checks.pages.urls)),
    path("photo/", client_photo.client_photo, name="client_photo"),
    path("photo/remove/", client_photo.delete, name="delete_client_photo"),
    path("photo/restore/", client_photo.restore, name="restore_client_photo"),
    path("photo/download/", client_photo.download, name="download_client_photo"),
    path("photo/<slug:token>/", client_photo.small, name="small_client_photo"),
]
