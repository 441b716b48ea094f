"""What stands nowhere in the code: ways that lead from typed text to something that runs."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = [
    path.name
    for path in sorted(ROOT.iterdir())
    if (path / "__init__.py").exists() and path.name != "tests"
]
MODULES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]
SCRIPTS = [path for path in sorted((ROOT / "static").rglob("*.js")) if "vendor" not in path.parts]

RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
UNSAFE_IMPORTS = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "yaml",
    "xml",
    "lxml",
    "telnetlib",
    "ftplib",
}
SENDS = {"urllib.request", "requests", "httpx", "aiohttp", "http.client"}
# The only modules that open connections of their own: each goes to an address of the settings.
MAY_SEND = {
    "hmis/management/commands/serve.py",  # asks its own server whether it is up
    "consent/sealing/timestamps.py",  # the authority of RELEASE_TIMESTAMP_URL, if there is one
}
# Random numbers that only look for something to show: never a token.
MAY_ROLL = re.compile(r"hmis/demo/|outbox/transport\.py|records/retries\.py|clients/duplicates/")
# Sentences of the module itself, or of a file of words beside it, with counts, days or names of
# lists in them; and its SQL, with the name of a table of our own or a number.
MAY_FORMAT = {
    *("consent/sealing/document.py", "consent/signing/words.py"),
    *("files/cleaning.py", "hmis/page_names.py"),
    *("exchange/imports/rights.py", "exchange/imports/set_up.py"),
}
MAY_HASH_BRIEFLY = re.compile(r"records/admin/changes\.py|clients/merge/|privacy/")


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for path in MODULES}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def found(check) -> list[str]:
    return [
        f"{name_of(path)}:{node.lineno}"
        for path, tree in trees().items()
        for name, node in calls(tree)
        if check(path, name, node)
    ]


def test_no_text_is_run_as_code():
    """ASVS 1.3.2."""
    assert not found(lambda path, name, node: name in RUNS_TEXT)


def test_programs_are_started_with_a_list_and_without_a_shell():
    """ASVS 1.2.5."""

    def through_a_shell(path, name, node):
        if name in {"os.system", "os.popen", "subprocess.getoutput"}:
            return True
        has_shell = any(one.arg == "shell" for one in node.keywords)
        is_program = name.startswith("subprocess.")
        is_text = bool(node.args) and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
        return is_program and (has_shell or is_text)

    assert not found(through_a_shell)


def test_nothing_is_deserialized_but_json():
    """ASVS 1.5.1, 1.5.2: no pickles, no YAML, and no XML is parsed."""
    roots = {
        (name_of(path), one)
        for path, tree in trees().items()
        for one in imported(tree)
        if one.partition(".")[0] in UNSAFE_IMPORTS
    }
    assert not roots


def test_no_request_goes_to_an_address_that_was_typed():
    """ASVS 1.3.6: connections are opened to addresses of the settings, by few modules."""
    senders = {name_of(path) for path, tree in trees().items() if set(imported(tree)) & SENDS}
    assert senders <= MAY_SEND


def test_regular_expressions_and_format_strings_are_written_in_the_code():
    """ASVS 1.2.9, 1.3.10: none is built from what somebody typed."""

    def is_built(path, name, node):
        if name in {"re.compile", "re.sub", "re.match", "re.search", "re.fullmatch", "re.split"}:
            pattern = node.args[0]
            literals = (ast.Constant, ast.Name, ast.Attribute)
            escaped = isinstance(pattern, ast.JoinedStr) and all(
                isinstance(part, ast.Constant)
                or ast.unparse(part.value).startswith("re.escape")
                or ast.unparse(part.value).isupper()
                for part in pattern.values
            )
            return not isinstance(pattern, literals) and not escaped
        is_format = name.endswith(".format") and not name.startswith(("sql.SQL", "SQL("))
        literals = (ast.Constant, ast.Name, ast.Attribute)
        if not is_format or name_of(path) in MAY_FORMAT:
            return False
        return not isinstance(node.func.value, literals)

    assert not found(is_built)


def test_random_values_come_from_the_operating_system():
    """ASVS 11.5.1, 7.2.3, 6.5.3: `secrets` and `uuid4`; `random` decides nothing that is secret."""
    rolling = {name_of(path) for path, tree in trees().items() if "random" in set(imported(tree))}
    assert not {one for one in rolling if not MAY_ROLL.search(one)}


def test_hash_functions_are_approved():
    """ASVS 11.4.1: MD5 and SHA-1 tell at most whether a text changed."""
    weak = found(
        lambda path, name, node: (
            name in {"hashlib.md5", "hashlib.sha1", "MD5", "SHA1"}
            and not MAY_HASH_BRIEFLY.search(name_of(path))
        )
    )
    assert not weak


FERNET = {
    "cryptography.fernet",
    "cryptography.fernet.Fernet",
    "cryptography.fernet.InvalidToken",
    "cryptography.fernet.MultiFernet",
}
# A seal's key and certificates are read, and those of the demonstration made: nothing is encrypted.
READ_SEALS = re.compile(r"consent/sealing/|hmis/demo_keys\.py")


def test_ciphers_are_those_of_the_cryptography_library():
    """ASVS 11.2.1, 11.3.1, 11.3.2: Fernet (AES-128-CBC with HMAC-SHA256); no mode of our own."""
    used = {
        (name_of(path), one)
        for path, tree in trees().items()
        for one in imported(tree)
        if one.startswith(("cryptography", "Crypto", "nacl")) and one not in FERNET
    }
    assert {path for path, _ in used if not READ_SEALS.match(path)} == set()
    assert {one for _, one in used if not one.startswith("cryptography")} == set()
    assert {one for _, one in used if ".ciphers" in one} == set()


# Controls, fields and parts of pages that are written in Python, each of which escapes what it puts
# in (tests/records/test_form_html.py holds them to Django's templates).
WRITE_MARKUP = {
    "clients/templatetags/client_panels.py",
    "clients/templatetags/client_rows.py",
    "enrollments/templatetags/cases.py",
    "enrollments/templatetags/questions.py",
    "hmis/templatetags/shell.py",
    "records/explained.py",
    "records/form_html.py",
    "records/fragments.py",
    "records/markdown.py",
    "records/templatetags/components.py",
    "records/widgets.py",
}


def test_markup_is_marked_safe_where_it_is_written_only():
    """ASVS 1.1.2, 1.2.1: everything else is escaped as the template is rendered."""
    marked = {
        name_of(path)
        for path, tree in trees().items()
        for name, _ in calls(tree)
        if name in {"mark_safe", "SafeString"}
    }
    assert marked == WRITE_MARKUP
    for template in sorted((ROOT / "templates").rglob("*.html")):
        text = template.read_text()
        assert "|safe" not in text, template
        assert "autoescape off" not in text, template


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_run_no_text_and_take_no_messages(path):
    """ASVS 1.2.3, 1.3.2, 3.2.2, 3.5.5, 15.3.6."""
    text = path.read_text()
    for word in ("eval(", "new Function", "document.write", "postMessage", "__proto__"):
        assert word not in text or (word == "postMessage" and "BroadcastChannel" in text), word
    assert not re.search(r"addEventListener\(\s*['\"]message", text) or "BroadcastChannel" in text
    assert not re.search(r"\.outerHTML\s*=|insertAdjacentHTML", text)


def test_templates_hold_no_script_and_no_handler():
    """ASVS 1.2.3, 3.4.3: what the policy would refuse is not there."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    for template in sorted((ROOT / "templates").rglob("*.html")):
        assert not inline.search(template.read_text()), template


def test_pages_use_no_retired_technology():
    """ASVS 3.7.1."""
    for template in sorted((ROOT / "templates").rglob("*.html")):
        assert not re.search(r"<(applet|object|embed|frame|marquee)\b", template.read_text()), (
            template
        )
