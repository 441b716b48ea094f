"""Client Photo: chosen from a file or taken with the camera (section 9)."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies import limits
from agencies.models import LimitedUse
from clients.counting import count_unlisted
from clients.emergency import require_no_emergency
from clients.loading import Kind, get_client, get_client_of_part, lock_client
from clients.models import Client
from files import actions, serving
from files.forms.client_file import ClientPhotoForm
from files.models import ClientPhoto
from files.serving import answers_store_errors
from files.uploads import upload_once
from records.pages import leave, say_undoable
from records.submissions import submit_once

NOT_YOURS = "Only users of who saved the photo, or filed the client, replace or delete it."


@require_http_methods(["GET", "POST"])
def client_photo(request: HttpRequest, client_id: int) -> HttpResponse:
    kind = Kind.CHANGE if request.method == "POST" else Kind.VIEW
    client = get_client(request, client_id, kind=kind, lock=False)
    if request.method == "POST":
        _photo_to_change(request, client)
    form = ClientPhotoForm(request.POST or None, request.FILES or None, request=request)
    if form.is_valid():
        upload = actions.stored_photo(form.cleaned_data["photo"].findings)
        if answer := upload_once(request, form, upload, partial(_set, request, client, form)):
            return answer
    photo = client.clientphotos.visible_to(request.user).listed().first()
    may_delete = photo is not None and _may_change(request, photo, client)
    is_theirs = photo is not None and not may_delete
    page = {
        "client": client,
        "form": form,
        "photo": photo,
        "is_theirs": is_theirs,
        "may_save": not (is_theirs or client.is_emergency),
        "may_delete": may_delete,
        "deleted": _deleted(client, request),
    }
    response = render(request, "files/client_photo.html", page)
    response["Permissions-Policy"] = "camera=(self)"
    return response


def _set(
    request: HttpRequest, client: Client, form: ClientPhotoForm, upload: actions.StoredUpload
) -> HttpResponse:
    client = lock_client(Client.objects.visible_to(request.user).numbered(client.pk))
    _photo_to_change(request, client)  # another one may have been saved while this one was stored
    actions.set_photo(
        client=client, upload=upload, organization=form.chosen_organization, by=form.user
    )
    messages.success(request, form.saved("Photo"))
    return leave(request, "files:client_photo", client.pk)


@require_http_methods(["GET", "POST"])
@submit_once
def delete(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    photo = _photo_to_change(request, client)
    if request.method == "POST":
        if photo is not None:
            actions.delete_photo(client=client, by=request.user)
            say_undoable(request, "Photo deleted.", photo.restore_url)
        return leave(request, "files:client_photo", client.pk)
    page = {"client": client, "list_url": reverse("files:client_photo", args=[client.pk])}
    return render(request, "files/confirm_photo_deletion.html", page)


def _photo_to_change(request: HttpRequest, client: Client) -> ClientPhoto | None:
    """The photo that the user is about to replace or delete, if there is one.

    Raises:
        PermissionDenied: where neither it nor the client is of the user's organizations.
    """
    photo = client.clientphotos.visible_to(request.user).first()
    if photo is not None and not _may_change(request, photo, client):
        raise PermissionDenied(NOT_YOURS)
    return photo


def _may_change(request: HttpRequest, photo: ClientPhoto, client: Client) -> bool:
    """Those who took it, and those who filed the client: delete it, or save a newer one."""
    return request.user.may_change(photo) or request.user.may_change(client)


@require_POST
@submit_once
def restore(request: HttpRequest, client_id: int) -> HttpResponse:
    """Restore what this user deleted last, unless there is a photo again."""
    client = get_client(request, client_id, kind=Kind.CHANGE)
    for photo in _deleted(client, request):
        actions.restore_photo(photo=photo, by=request.user)
        messages.success(request, "Photo restored.")
    return redirect("files:client_photo", client.pk)


def _deleted(client: Client, request: HttpRequest) -> list[ClientPhoto]:
    """The photo that the client had last, where it was this user who deleted it lately."""
    if client.photo_token:
        return []
    photos = ClientPhoto.with_deleted.filter(client=client).order_by("-date_deleted")[:1]
    lately = ClientPhoto.with_deleted.visible_to(request.user).recently_deleted_by(request.user)
    return list(lately.filter(pk__in=list(photos.values_list("pk", flat=True))))


@require_GET
@answers_store_errors
def download(request: HttpRequest, client_id: int) -> HttpResponseBase:
    client = get_client(request, client_id, kind=Kind.EXPORT, requires=require_no_emergency)
    photo = get_object_or_404(client.clientphotos.visible_to(request.user).listed())
    limits.require(request.user, LimitedUse.DOWNLOADS)
    return serving.attachment(photo.stored, f"Client {client.pk}")


@require_GET
@answers_store_errors
def small(request: HttpRequest, client_id: int, token: str) -> HttpResponseBase:
    """The small picture for the client bar and the dashboard; another photo, another token."""
    client = get_client_of_part(request, client_id)
    photo = client.clientphotos.visible_to(request.user).listed().filter(token=token).first()
    if photo is None:  # the answer has the client's menu: a guessed Client ID learns who is there
        count_unlisted(request, [client.pk])
        raise Http404
    return serving.thumbnail(photo.stored)
