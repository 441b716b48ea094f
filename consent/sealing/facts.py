"""What a sealed file says of its release, so that nothing can be put in the place of another."""

import hashlib
import json
from datetime import UTC, date
from typing import Any

from clients.models import Release
from consent.models import Signature
from consent.wording import normalized

Facts = dict[str, Any]


def facts_of(release: Release, signature: Signature) -> Facts:
    """Keys, days and hashes; no name, and nothing that is rewritten later.

    The moment and the hand of a signature tell it from every other one.
    """
    return {
        "client": release.client_id,
        "organization": release.organization_id,
        "covers": release.covers_id,
        "kind": release.kind,
        "signed_by": release.signed_by,
        "guardian_name": _hash(normalized(release.guardian_name)),
        "witness": release.witness_id,
        "answered_on": _day(release.answered_on),
        "begins_on": _day(release.begins_on),
        "ends_on": _day(release.ends_on),
        "text_hash": release.text_hash,
        "version": signature.version_id,
        "languages": list(signature.languages),
        "signed_at": signature.signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "hand": _hash([signature.strokes, *map(normalized, _typed(signature))]),
    }


def differing(release: Release, signature: Signature, sealed: Any) -> list[str]:
    """The names of what a release and its sealed file do not say alike.

    A merge moves a release to the client who stays; its file goes on naming the one who is gone.
    """
    facts = facts_of(release, signature)
    said = sealed if isinstance(sealed, dict) else {}
    found = [name for name in facts.keys() | said.keys() if facts.get(name) != said.get(name)]
    if "client" in found and said.get("client") in release.client.all_ids:
        found.remove("client")
    return sorted(found)


def _typed(signature: Signature) -> tuple[str, str]:
    return signature.typed_name, signature.statement


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _hash(content: Any) -> str:
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
