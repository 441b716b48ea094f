"""The numbers of the limits of use: read from the settings (docs/security/limits.md)."""

import re
from dataclasses import dataclass
from typing import Self

LINE = re.compile(r"(minute|hour|day) +(\d+) +(\d+)")


@dataclass(frozen=True)
class Threshold:
    """How often within one window: more than `ask` is asked about, more than `stop` refused."""

    ask: int
    stop: int

    def times(self, factor: int) -> "Threshold":
        return Threshold(self.ask * factor, self.stop * factor)


@dataclass(frozen=True)
class UseLimit:
    """The thresholds of one kind of use; a window without one has no limit."""

    minute: Threshold | None = None
    hour: Threshold | None = None
    day: Threshold | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "minute 20 40, hour 90 180, day 300 600": each window's question and stop.

        Raises:
            ValueError: for anything else, in words for whoever wrote the setting.
        """
        windows = {}
        for part in filter(None, (one.strip() for one in text.split(","))):
            match = LINE.fullmatch(part)
            if not match or match[1] in windows or not 0 < int(match[2]) <= int(match[3]):
                raise ValueError(
                    f'"{part}" is not a limit. Write a window and two numbers, the second one '
                    "not smaller: minute 20 40, hour 90 180, day 300 600."
                )
            windows[match[1]] = Threshold(int(match[2]), int(match[3]))
        return cls(**windows)

    def times(self, factor: int) -> "UseLimit":
        return UseLimit(*(one and one.times(factor) for one in (self.minute, self.hour, self.day)))
