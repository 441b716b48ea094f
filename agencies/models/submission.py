from django.db import models


class Submission(models.Model):
    """A form that was saved, by its one-time token, and the page that saving it led to."""

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey("agencies.User", on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    location = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return str(self.token)
