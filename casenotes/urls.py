from django.urls import path

app_name = "casenotes"
urlpatterns = []
