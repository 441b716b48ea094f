import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

KNOWN = models.CheckConstraint(
    condition=models.Q(('kind__in', ['cas', 'duplicate_report', 'invitation', 'password_reset'])),
    name='delivery_kind_is_known',
    violation_error_message='Choose one of the listed kinds of mail.',
)
SOMEBODY = models.CheckConstraint(
    condition=models.Q(
        ('recipient__isnull', False),
        ('kind__in', ['duplicate_report', 'password_reset']),
        _connector='OR',
    ),
    name='delivery_to_somebody',
    violation_error_message='Say who gets the mail.',
)


class Migration(migrations.Migration):
    """Adds to a table that may be large: nothing here reads or rewrites its rows."""

    dependencies = [
        ('outbox', '0001_initial'),
        ('cas', '0006_move_mail_to_outbox'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='about',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='kind',
            field=models.CharField(choices=[('cas', 'Coordinated Access'), ('duplicate_report', 'Duplicate report'), ('invitation', 'Invitation'), ('password_reset', 'Password reset')], db_default='cas', max_length=20),
        ),
        migrations.AddField(
            model_name='mailrun',
            name='by_cron',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='recipient',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL),
        ),
        AddConstraintNotValid(model_name='delivery', constraint=KNOWN),
        AddConstraintNotValid(model_name='delivery', constraint=SOMEBODY),
    ]
