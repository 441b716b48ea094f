from django.apps import AppConfig


class HmisConfig(AppConfig):
    name = "hmis"
    verbose_name = "Portal"

    def ready(self) -> None:
        from hmis import account_events, checks, seal_checks  # noqa: F401, PLC0415 -- registers them

        account_events.connect()
