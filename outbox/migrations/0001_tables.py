from django.conf import settings
from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, SET_NULL, F, Index, Q, UniqueConstraint
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._tables import USER, Key, Table, check, each, known


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [AtOnce([
        Table('MailRun', [
            ('started_at', models.DateTimeField(default=timezone.now)),
            ('ended_at', models.DateTimeField(blank=True, null=True)),
            ('by_cron', models.BooleanField(default=True, db_default=True)),
            *known('outcome', models.CharField(max_length=10, default='running', choices=[('running', 'Running'), ('done', 'All sent'), ('partly', 'Some could not be delivered'), ('down', 'The mail server does not take mail'), ('broken', 'Stopped by an error')]), 'mail_run_outcome_is_known', 'Choose one of the listed outcomes.'),
            *each(models.PositiveIntegerField(default=0), 'planned', 'sent', 'notified', 'retried', 'uncertain', 'failed', 'withdrawn', 'reconciled'),
            check('mail_run_outcome_when_ended', Q(ended_at=None, outcome='running') | Q(~Q(outcome='running'), ended_at__isnull=False), 'A run that has ended has an outcome and a time.'),
            check('mail_run_ends_after_start', Q(ended_at=None) | Q(ended_at__gte=F('started_at')), 'A run cannot end before it started.'),
            Index(name='mail_run_latest', fields=['-ended_at'], condition=~Q(ended_at=None)),
        ], ordering=['-pk']),
        Table('Delivery', [
            *known('kind', models.CharField(max_length=20, choices=[('cas', 'Coordinated Access'), ('duplicate_report', 'Duplicate report'), ('invitation', 'Invitation'), ('factor_reset', 'Two-step log-in reset'), ('password_reset', 'Password reset'), ('security_alert', 'Security alert'), ('new_browser', 'New browser'), ('transfer', 'Export or import'), ('account_changed', 'Log-in changed')]), 'delivery_kind_is_known', 'Choose one of the listed kinds of mail.'),
            ('about', models.BigIntegerField(blank=True, null=True)),
            ('digest_on', models.DateField(blank=True, null=True)),
            *known('state', models.CharField(max_length=10, default='pending', choices=[('pending', 'Waiting'), ('claimed', 'About to be sent'), ('handing', 'Being handed over'), ('sent', 'Sent'), ('uncertain', 'Uncertain'), ('failed', 'Not delivered')]), 'delivery_has_a_known_state', 'Choose one of the listed states.'),
            ('created_at', models.DateTimeField(default=timezone.now, editable=False)),
            ('next_attempt_at', models.DateTimeField(default=timezone.now)),
            *each(models.PositiveIntegerField(default=0), 'attempts', 'refusals'),
            *each(models.DateTimeField(blank=True, null=True), 'handed_over_at', 'resolved_at', 'asked_at'),
            ('message_id', models.CharField(max_length=200, editable=False)),
            ('answer', models.CharField(max_length=20, blank=True)),
            ('asked_by', Key(USER, SET_NULL, blank=True, null=True, related_name='+', db_index=False)),
            ('recipient', Key(USER, CASCADE, blank=True, null=True, related_name='deliveries')),
            ('claimed_by', Key('outbox.mailrun', PROTECT, blank=True, null=True, related_name='deliveries', db_index=False)),
            check('delivery_to_somebody', Q(recipient__isnull=False) | Q(kind__in=['duplicate_report', 'password_reset']), 'Say who gets the mail.'),
            UniqueConstraint(name='delivery_message_once', fields=['message_id'], violation_error_message='Another mail has this Message-ID already.'),
            UniqueConstraint(name='delivery_one_digest_a_day', fields=['recipient', 'digest_on'], condition=Q(digest_on__isnull=False), violation_error_message='This user has a digest of that day already.'),
            check('delivery_in_somebodys_hand', Q(claimed_by__isnull=False, state__in=['claimed', 'handing']) | Q(state='uncertain') | Q(claimed_by=None, state__in=['pending', 'sent', 'failed']), 'A mail is in the hand of a run while it works on it.'),
            check('delivery_handed_over_when', ~Q(state__in=['handing', 'uncertain']) | Q(handed_over_at__isnull=False), 'Say when the mail was handed over.'),
            check('delivery_resolved_when', Q(resolved_at__isnull=False, state__in=['sent', 'uncertain', 'failed']) | Q(~Q(state__in=['sent', 'uncertain', 'failed']), resolved_at=None), 'Say when it was resolved, and only when it is.'),
            Index(name='delivery_due', fields=['next_attempt_at', 'id'], condition=Q(state='pending')),
            Index(name='delivery_in_hand', fields=['claimed_by'], condition=Q(claimed_by__isnull=False)),
            Index(name='delivery_in_doubt', fields=['resolved_at', 'id'], condition=Q(state__in=['uncertain', 'failed'])),
            Index(name='delivery_unsent', fields=['created_at', 'id'], condition=Q(state__in=['pending', 'claimed', 'handing'])),
            Index(name='delivery_lately_resolved', fields=['resolved_at', 'id'], condition=Q(state__in=['sent', 'uncertain', 'failed']) & ~Q(kind__in=['cas'])),
        ], ordering=['-pk'], verbose_name_plural='deliveries'),
    ])]
