import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from records.migrations._at_once import AtOnce


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(name='MailRun', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('by_cron', models.BooleanField(db_default=True, default=True)),
                ('outcome', models.CharField(choices=[('running', 'Running'), ('done', 'All sent'), ('partly', 'Some could not be delivered'), ('down', 'The mail server does not take mail'), ('broken', 'Stopped by an error')], default='running', max_length=10)),
                ('planned', models.PositiveIntegerField(default=0)),
                ('sent', models.PositiveIntegerField(default=0)),
                ('notified', models.PositiveIntegerField(default=0)),
                ('retried', models.PositiveIntegerField(default=0)),
                ('uncertain', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('withdrawn', models.PositiveIntegerField(default=0)),
                ('reconciled', models.PositiveIntegerField(default=0)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('outcome__in', ['running', 'done', 'partly', 'down', 'broken'])), name='mail_run_outcome_is_known', violation_error_message='Choose one of the listed outcomes.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', 'running')), models.Q(models.Q(('outcome', 'running'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='mail_run_outcome_when_ended', violation_error_message='A run that has ended has an outcome and a time.'),
                    models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='mail_run_ends_after_start', violation_error_message='A run cannot end before it started.'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('ended_at', None), _negated=True), fields=['-ended_at'], name='mail_run_latest'),
                ],
                'ordering': ['-pk'],
            }),
            migrations.CreateModel(name='Delivery', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('cas', 'Coordinated Access'), ('duplicate_report', 'Duplicate report'), ('invitation', 'Invitation'), ('factor_reset', 'Two-step log-in reset'), ('password_reset', 'Password reset'), ('security_alert', 'Security alert'), ('new_browser', 'New browser'), ('transfer', 'Export or import'), ('account_changed', 'Log-in changed')], max_length=20)),
                ('about', models.BigIntegerField(blank=True, null=True)),
                ('digest_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('pending', 'Waiting'), ('claimed', 'About to be sent'), ('handing', 'Being handed over'), ('sent', 'Sent'), ('uncertain', 'Uncertain'), ('failed', 'Not delivered')], default='pending', max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('next_attempt_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('refusals', models.PositiveIntegerField(default=0)),
                ('handed_over_at', models.DateTimeField(blank=True, null=True)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('message_id', models.CharField(editable=False, max_length=200)),
                ('answer', models.CharField(blank=True, max_length=20)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
                ('claimed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='outbox.mailrun')),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('recipient__isnull', False), ('kind__in', ['duplicate_report', 'password_reset']), _connector='OR'), name='delivery_to_somebody', violation_error_message='Say who gets the mail.'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'claimed', 'handing', 'sent', 'uncertain', 'failed'])), name='delivery_has_a_known_state', violation_error_message='Choose one of the listed states.'),
                    models.UniqueConstraint(fields=('message_id',), name='delivery_message_once', violation_error_message='Another mail has this Message-ID already.'),
                    models.UniqueConstraint(condition=models.Q(('digest_on__isnull', False)), fields=('recipient', 'digest_on'), name='delivery_one_digest_a_day', violation_error_message='This user has a digest of that day already.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('claimed_by__isnull', False), ('state__in', ['claimed', 'handing'])), ('state', 'uncertain'), models.Q(('claimed_by', None), ('state__in', ['pending', 'sent', 'failed'])), _connector='OR'), name='delivery_in_somebodys_hand', violation_error_message='A mail is in the hand of a run while it works on it.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['handing', 'uncertain']), _negated=True), ('handed_over_at__isnull', False), _connector='OR'), name='delivery_handed_over_when', violation_error_message='Say when the mail was handed over.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', False), ('state__in', ['sent', 'uncertain', 'failed'])), models.Q(models.Q(('state__in', ['sent', 'uncertain', 'failed']), _negated=True), ('resolved_at', None)), _connector='OR'), name='delivery_resolved_when', violation_error_message='Say when it was resolved, and only when it is.'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['cas', 'duplicate_report', 'invitation', 'factor_reset', 'password_reset', 'security_alert', 'new_browser', 'transfer', 'account_changed'])), name='delivery_kind_is_known', violation_error_message='Choose one of the listed kinds of mail.'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('state', 'pending')), fields=['next_attempt_at', 'id'], name='delivery_due'),
                    models.Index(condition=models.Q(('claimed_by__isnull', False)), fields=['claimed_by'], name='delivery_in_hand'),
                    models.Index(condition=models.Q(('state__in', ['uncertain', 'failed'])), fields=['resolved_at', 'id'], name='delivery_in_doubt'),
                    models.Index(condition=models.Q(('state__in', ['pending', 'claimed', 'handing'])), fields=['created_at', 'id'], name='delivery_unsent'),
                    models.Index(condition=models.Q(('state__in', ['sent', 'uncertain', 'failed']), models.Q(('kind__in', ['cas']), _negated=True)), fields=['resolved_at', 'id'], name='delivery_lately_resolved'),
                ],
                'ordering': ['-pk'],
                'verbose_name_plural': 'deliveries',
            }),
        ]),
    ]
