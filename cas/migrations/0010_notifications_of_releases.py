from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from records.migrations._at_once import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('cas', '0009_validate_kinds'),
    ]

    operations = [AtOnce([
        migrations.RemoveConstraint(
            model_name='notification',
            name='notification_kind_is_known',
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('referred', 'Referred or matched'), ('accepted', 'Referral accepted'), ('rejected', 'Referral rejected'), ('no_show', 'No show'), ('outcome', 'Outcome recorded'), ('missing', 'Documents missing'), ('verified', 'Documents verified'), ('expiring', 'Documents about to expire'), ('inactive', 'Inactivity'), ('removed', 'Removed from the queue'), ('assigned', 'Assigned to a case'), ('unassigned', 'Unassigned from a case'), ('proposed', 'Removal from the queue proposed'), ('task', 'Task assigned to you'), ('roi_ending', 'Release of Information ends soon'), ('roi_ended', 'Release of Information ended'), ('roi_gone', 'Release of Information revoked'), ('witness', 'Named as witness of a release')], max_length=10),
        ),
        AddConstraintNotValid(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['referred', 'accepted', 'rejected', 'no_show', 'outcome', 'missing', 'verified', 'expiring', 'inactive', 'removed', 'assigned', 'unassigned', 'proposed', 'task', 'roi_ending', 'roi_ended', 'roi_gone', 'witness'])), name='notification_kind_is_known', violation_error_message='Choose one of the listed kinds of notification.'),
        ),
    ])]
