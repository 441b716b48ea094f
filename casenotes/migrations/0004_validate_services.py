from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("casenotes", "0003_what_hud_asks_of_some_services"),
    ]

    operations = [
        ValidateConstraint(model_name="service", name="service_sub_type_is_known"),
        ValidateConstraint(model_name="service", name="service_amount_not_negative"),
        ValidateConstraint(model_name="service", name="service_assistance_ends_after_start"),
        ValidateConstraint(model_name="service", name="service_referral_outcome_is_known"),
    ]
