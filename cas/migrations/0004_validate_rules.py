from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('cas', '0003_rules_that_rows_may_break'),
    ]

    operations = [
        ValidateConstraint('assessment', 'assessment_has_a_location'),
        ValidateConstraint('event', 'event_result_only_of_a_referral'),
        ValidateConstraint('event', 'event_result_date_of_a_result'),
        ValidateConstraint('event', 'event_result_not_before_event'),
        ValidateConstraint('event', 'event_housed_after_problem_solving'),
        ValidateConstraint('event', 'event_aftercare_after_follow_up'),
        ValidateConstraint('event', 'event_location_of_an_opening'),
    ]
