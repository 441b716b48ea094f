"""What a mail of Coordinated Access is for."""

from django.db import models


class Purpose(models.TextChoices):
    FIRST = "first", "First notice"
    REMINDER = "reminder", "Reminder"
    ESCALATION = "escalation", "Escalation"
