from django.db import models


class Visibility(models.TextChoices):
    ALL_ORGANIZATIONS = "all", "All organizations"
    OWN_ORGANIZATION = "own", "Own organization only"
