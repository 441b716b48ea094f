"""The languages of release texts: their tags (BCP 47), their own names, how they are written."""

from django.db import models

FROM_RIGHT = {"ar", "fa", "ps", "ur"}
OWN_NAMES = {
    "en": "English",
    "es": "Español",
    "am": "አማርኛ",
    "ar": "العربية",
    "fa": "فارسی",
    "fr": "Français",
    "ht": "Kreyòl ayisyen",
    "ko": "한국어",
    "ps": "پښتو",
    "pt": "Português",
    "ru": "Русский",
    "so": "Soomaali",
    "tl": "Tagalog",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
}


class Language(models.TextChoices):
    """In the order in which texts stand side by side."""

    ENGLISH = "en", "English"
    SPANISH = "es", "Spanish"
    AMHARIC = "am", "Amharic"
    ARABIC = "ar", "Arabic"
    CHINESE_SIMPLIFIED = "zh-Hans", "Chinese, simplified"
    CHINESE_TRADITIONAL = "zh-Hant", "Chinese, traditional"
    DARI = "fa", "Dari or Farsi"
    FRENCH = "fr", "French"
    HAITIAN_CREOLE = "ht", "Haitian Creole"
    KOREAN = "ko", "Korean"
    PASHTO = "ps", "Pashto"
    PORTUGUESE = "pt", "Portuguese"
    RUSSIAN = "ru", "Russian"
    SOMALI = "so", "Somali"
    TAGALOG = "tl", "Tagalog"
    UKRAINIAN = "uk", "Ukrainian"
    URDU = "ur", "Urdu"
    VIETNAMESE = "vi", "Vietnamese"

    @property
    def own_name(self) -> str:
        """What those who speak it call it."""
        return OWN_NAMES[self.value]

    @property
    def direction(self) -> str:
        return "rtl" if self.value in FROM_RIGHT else "ltr"

    @property
    def place(self) -> int:
        """Where it stands among the others."""
        return type(self).values.index(self.value)
