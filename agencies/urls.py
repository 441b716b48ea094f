from django.urls import path

from agencies.views.lookup import user_lookup

app_name = "agencies"

urlpatterns = [
    path("users/lookup/", user_lookup, name="user_lookup"),
]
