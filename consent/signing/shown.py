"""A text as it is shown to whoever signs it: filled in, side by side, with its hash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from agencies.models import Organization
from clients.models import Client
from consent.languages import Language
from consent.models import Signature, TemplateVersion
from consent.refused import Refused
from consent.signing.words import Words, words_in
from consent.wording import filled, hash_of

Values = dict[str, str]  # by placeholder; `covers` stands beside the text alone
# In the order in which they are hashed.
NAMED = ("client", "organization", "covers", "today", "end")
TERMS = ("for", *NAMED[1:])
SENTENCE_ENDS = (".", ",", ";", ":", "!", "\u3002", "\u1362", "\u06d4")  # Chinese, Amharic, Urdu
LONGEST_HEADING = 60  # characters: lines that somebody broke by hand are longer


@dataclass(frozen=True)
class Column:
    """The text in one language, and what it is about in that language."""

    language: Language
    title: str
    text: str
    values: Values

    @property
    def paragraphs(self) -> list[str]:
        return [one.strip("\n") for one in self.text.split("\n\n") if one.strip()]

    @property
    def sections(self) -> list[tuple[str, str]]:
        """Each paragraph with its heading: a short first line that ends as no sentence does."""
        return [_section(one) for one in self.paragraphs]

    @property
    def words(self) -> Words:
        return words_in(self.language)

    @property
    def terms(self) -> list[tuple[str, str]]:
        """For whom, with whom it is shared and for how long: each with its label."""
        end, words = self.values["end"], self.words
        end = words["revoked"] if end == words["until_revoked"] else end
        of = self.values | {"for": self.values["client"], "end": end}
        return [(self.words[name], of[name]) for name in TERMS]


def _section(paragraph: str) -> tuple[str, str]:
    heading, _, text = paragraph.partition("\n")
    is_short = len(heading) <= LONGEST_HEADING
    is_heading = text and is_short and not heading.rstrip().endswith(SENTENCE_ENDS)
    return (heading, text) if is_heading else ("", paragraph)


@dataclass(frozen=True)
class Shown:
    """All columns of a version, the language that is signed first."""

    version: TemplateVersion
    columns: list[Column]

    @property
    def language(self) -> Language:
        return self.columns[0].language

    @property
    def values(self) -> dict[str, Values]:
        return {one.language.value: one.values for one in self.columns}

    @property
    def hash(self) -> str:
        return hash_of(
            version_id=self.version.pk,
            number=self.version.number or 0,
            signed=self.language.value,
            texts=[
                [one.language.value, one.title, one.text, *(one.values[name] for name in NAMED)]
                for one in self.columns
            ],
        )


def languages_of(version: TemplateVersion, wanted: str = "") -> list[str]:
    """What is shown of a version: the wanted language, and beside it English or the next one."""
    there = [one.language for one in version.in_order]
    first = wanted if wanted in there else there[0]
    return [first, *(one for one in there if one != first)][:2]


def shown(
    version: TemplateVersion, languages: Sequence[str], values: Mapping[str, Values]
) -> Shown:
    """A version in these languages, the signed one first, with what stands for placeholders."""
    texts = {one.language: one for one in version.texts.all()}
    columns = [
        Column(
            Language(one),
            filled(texts[one].title, values[one]),
            filled(texts[one].text, values[one]),
            values[one],
        )
        for one in languages
    ]
    return Shown(version, columns)


@dataclass(frozen=True)
class Terms:
    """Who asks whom, to share with whom (None: everybody), from when and until when.

    refused: the organizations that a release for everybody leaves out, as `still_refused` finds
        them.
    """

    clients: Sequence[Client]
    organization: Organization
    covers: Organization | None
    today: date
    end: date | None
    refused: Refused = field(default_factory=list)

    def values_in(self, language: str, text: str) -> dict[str, str]:
        """What stands for the placeholders of a text."""
        words = words_in(language)
        return {
            "client": words.listed([one.display_name for one in self.clients]),
            "organization": self.organization.organization_name,
            "covers": self._covers(words),
            "today": words.day(self.today),
            "end": words.day(self.end) if self.end else until_revoked(words, text),
        }

    def _covers(self, words: Words) -> str:
        if self.covers:
            return self.covers.organization_name
        others = [f"{name} ({words.listed(who)})" if who else name for name, who in self.refused]
        is_for_all = words["everyone"]
        return words.say("everyone_but", others=words.listed(others)) if others else is_for_all


def filled_in(version: TemplateVersion, languages: Sequence[str], terms: Terms) -> Shown:
    """A version as it is signed on these terms, in these languages."""
    texts = {one.language: f"{one.title}\n{one.text}" for one in version.texts.all()}
    values = {one: terms.values_in(one, texts[one]) for one in languages}
    return shown(version, languages, values)


def until_revoked(words: Words, text: str) -> str:
    """Without its first word where the text has that before each {end}: "until {end}"."""
    whole, short = words["until_revoked"], words["revoked"]
    until = whole.removesuffix(short).strip()
    before = text.casefold().split("{end}")[:-1]
    return short if all(one.rstrip(" \n:").endswith(until) for one in before) else whole


def shown_of(signature: Signature) -> Shown:
    """What the signer saw."""
    return shown(signature.version, signature.languages, signature.values)


def is_unchanged(signature: Signature) -> bool:
    """Whether text and values still have the hash that was signed."""
    signed = signature.release.text_hash
    try:
        found = shown_of(signature).hash
    except (KeyError, ValueError):  # a text or a value is gone
        return False
    return found == signature.text_hash == signed
