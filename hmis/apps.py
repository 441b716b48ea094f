from django.apps import AppConfig


class HmisConfig(AppConfig):
    name = "hmis"
    verbose_name = "Portal"

    def ready(self) -> None:
        from clients.form_drafts import forget_continued  # noqa: PLC0415 -- has models
        from hmis import (  # noqa: PLC0415 -- registers them
            account_events,
            checks,  # noqa: F401
            limit_words,
            seal_checks,  # noqa: F401
        )
        from records.submissions import form_saved  # noqa: PLC0415 -- has models

        account_events.connect()
        limit_words.connect()
        form_saved.connect(forget_continued)
