from django.urls import include, path

from files.views import client_files, client_photo, document_checks

app_name = "files"

one_file = [
    path("", client_files.client_file, name="client_file"),
    path("download/", client_files.download, name="download_client_file"),
    path("thumbnail/", client_files.thumbnail, name="client_file_thumbnail"),
    path("pages/<int:number>/", client_files.page, name="client_file_page"),
]
one_check = [
    path("", document_checks.document_check, name="document_check"),
    path("download/", document_checks.download, name="download_document_check"),
    path("pages/<int:number>/", document_checks.page, name="document_check_page"),
]
urlpatterns = [
    path("files/", client_files.client_files, name="client_files"),
    path("files/", include(client_files.pages.urls)),
    path("files/<int:file_id>/", include(one_file)),
    path("document-check/", document_checks.document_checks, name="document_checks"),
    path("document-check/", include(document_checks.pages.urls)),
    path("document-check/<int:check_id>/", include(one_check)),
    path("photo/", client_photo.client_photo, name="client_photo"),
    path("photo/remove/", client_photo.delete, name="delete_client_photo"),
    path("photo/restore/", client_photo.restore, name="restore_client_photo"),
    path("photo/download/", client_photo.download, name="download_client_photo"),
    path("photo/<slug:token>/", client_photo.small, name="small_client_photo"),
]
