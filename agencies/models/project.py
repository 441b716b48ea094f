from django.db import models
from django.db.models import F, Q

from hud.choices import ProjectType
from records.history import tracked
from records.model_fields import KeyField


@tracked()
class Project(models.Model):
    """HUD 2.02: a program that one organization runs."""

    organization = models.ForeignKey(
        "agencies.Organization", on_delete=models.PROTECT, related_name="projects"
    )
    project_id = KeyField()
    project_name = models.CharField(max_length=200)
    project_common_name = models.CharField(max_length=200, blank=True)
    project_type = models.PositiveSmallIntegerField(choices=ProjectType.choices)
    continuum_project = models.BooleanField(default=True)
    operating_start_date = models.DateField()
    operating_end_date = models.DateField(null=True, blank=True)
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["project_name"]
        constraints = [
            models.UniqueConstraint(
                name="project_name_once_in_organization",
                fields=["organization", "project_name"],
                violation_error_message="This organization already has a project of that name.",
            ),
            models.CheckConstraint(
                name="project_ends_after_start",
                condition=Q(operating_end_date=None)
                | Q(operating_end_date__gte=F("operating_start_date")),
                violation_error_message="Operating end date cannot be before the start date.",
            ),
            models.CheckConstraint(
                name="project_type_is_known",
                condition=Q(project_type__in=ProjectType.values),
                violation_error_message="Choose one of HUD's project types.",
            ),
        ]

    def __str__(self) -> str:
        return self.project_common_name or self.project_name
