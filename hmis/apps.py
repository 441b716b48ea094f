from django.apps import AppConfig


class HmisConfig(AppConfig):
    name = "hmis"
    verbose_name = "Portal"

    def ready(self) -> None:
        from hmis import (  # noqa: PLC0415 -- registers them
            account_events,
            checks,  # noqa: F401
            limit_words,
            seal_checks,  # noqa: F401
        )

        account_events.connect()
        limit_words.connect()
