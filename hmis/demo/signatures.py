"""Who signed the text of the demonstration on the screen: by hand, or with a typed name."""

from typing import Any

from clients.models import Client
from consent.household import Person
from consent.minors import is_minor
from consent.models import TemplateVersion
from consent.sealing.keys import refusal
from consent.signing.actions import Hand, Signing, sign
from consent.signing.asked import Asked, end_of
from consent.signing.shown import languages_of
from consent.signing.words import words_in
from hmis.demo.context import STORY, Context


def add_signatures(context: Context, version: TemplateVersion) -> None:
    """Let some sign this version today; without a seal nobody signs."""
    for given in STORY["signatures"] if not refusal() else ():
        signing = _signing(context, version, given)
        with signing.copies() as copies:
            sign(signing=signing, copies=copies)


def _signing(context: Context, version: TemplateVersion, given: dict[str, Any]) -> Signing:
    """Today's; a guardian who is named signs for the children with a typed name."""
    clients = [context.personas[key] for key in given["who"]]
    asked = Asked(
        version=version,
        languages=languages_of(version, given.get("language", "")),
        organization=clients[0].organization,
        people=[_person(one, context) for one in clients],
        covers=None,
        day=context.today,
        ends_on=end_of(version, context.today),
    )
    guardian = given.get("guardian", "")
    signer = context.personas[guardian or given["who"][0]].display_name
    hand = Hand(guardian_name=signer if guardian else "", **_how(asked, given, signer))
    return Signing(asked, hand, clients[0].created_by)


def _person(client: Client, context: Context) -> Person:
    return Person(client, is_minor(client, context.today))


def _how(asked: Asked, given: dict[str, Any], signer: str) -> dict[str, Any]:
    if strokes := given.get("strokes"):
        return {"strokes": strokes}
    return {"typed_name": signer, "statement": words_in(asked.shown.language)["statement"]}
