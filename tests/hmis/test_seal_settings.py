"""The seal that the settings name: what is refused, and what the system check warns of."""

import os

import pytest
from environs import Env

from hmis import demo_keys, environment, seal_checks, seal_settings
from hmis.environment import ConfigurationError
from tests.consent.sealing import keys

NONE = {
    "RELEASE_SEAL_KEY": "",
    "RELEASE_SEAL_CERTIFICATE": "",
    "RELEASE_SEAL_TRUSTED": {},
    "RELEASE_TIMESTAMP_URL": "",
    "RELEASE_TIMESTAMP_CERTIFICATES": "",
}


def said(**settings):
    return " ".join(seal_settings.unfit(NONE | settings))


@pytest.fixture(scope="session")
def pair():
    return keys.pair()


def test_portal_starts_without_a_seal_and_with_one(pair):
    assert said() == ""
    assert said(RELEASE_SEAL_KEY=pair.key, RELEASE_SEAL_CERTIFICATE=pair.certificate) == ""


@pytest.mark.parametrize("given", ["key", "certificate"])
def test_half_of_a_pair_is_refused(pair, given):
    name = f"RELEASE_SEAL_{given.upper()}"
    assert f"There is {name} without" in said(**{name: getattr(pair, given)})


def test_key_of_another_certificate_is_refused(pair):
    words = said(RELEASE_SEAL_KEY=keys.pair().key, RELEASE_SEAL_CERTIFICATE=pair.certificate)
    assert "RELEASE_SEAL_KEY does not belong to" in words


def test_what_is_in_the_file_is_not_repeated(pair):
    words = said(RELEASE_SEAL_KEY="hunter2", RELEASE_SEAL_CERTIFICATE=pair.certificate)
    assert "is no private key" in words
    assert "hunter2" not in words


def test_time_stamps_need_certificates_and_an_address():
    assert "nobody could verify" in said(RELEASE_TIMESTAMP_URL="https://stamps.example/")
    assert "has to begin with" in said(RELEASE_TIMESTAMP_URL="file:///etc/passwd")


@pytest.fixture
def files(tmp_path, monkeypatch, pair):
    """The pair in files that the environment names."""
    for name, text in {"key": pair.key, "certificate": pair.certificate}.items():
        path = tmp_path / f"{name}.pem"
        path.write_text(text)
        path.chmod(0o600)
        monkeypatch.setenv(f"RELEASE_SEAL_{name.upper()}_FILE", str(path))
    monkeypatch.delenv("RELEASE_SEAL_KEY", raising=False)
    return tmp_path


def test_settings_read_the_files_and_the_folder(files, monkeypatch, pair):
    folder = files / "trusted"
    folder.mkdir()
    (folder / "2025.pem").write_text(keys.pair().certificate)
    (folder / "README").write_text("no certificate")
    monkeypatch.setenv("RELEASE_SEAL_TRUSTED", str(folder))
    found = seal_settings.chosen(Env())
    assert found["RELEASE_SEAL_KEY"] == pair.key.strip()
    assert list(found["RELEASE_SEAL_TRUSTED"]) == [str(folder / "2025.pem")]
    assert not list(seal_settings.unfit(found))
    (folder / "2024.pem").write_text("x")
    assert "2024.pem" in " ".join(seal_settings.unfit(seal_settings.chosen(Env())))


def test_credential_of_systemd_is_the_key(files, monkeypatch, pair):
    monkeypatch.delenv("RELEASE_SEAL_KEY_FILE")
    (files / "RELEASE_SEAL_KEY").write_text(pair.key)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(files))
    assert seal_settings.chosen(Env())["RELEASE_SEAL_KEY"] == pair.key.strip()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe"], ids=["empty", "no text"])
def test_file_that_holds_no_key_is_refused(files, content):
    (files / "key.pem").write_bytes(content)
    with pytest.raises(ConfigurationError, match="The file of RELEASE_SEAL_KEY"):
        seal_settings.chosen(Env())


def test_key_in_the_environment_itself_is_refused(files, monkeypatch):
    monkeypatch.setenv("RELEASE_SEAL_KEY", "a key")
    with pytest.raises(ConfigurationError, match="Put it into a file"):
        environment.in_file("RELEASE_SEAL_KEY")


def test_missing_folder_is_refused(files, monkeypatch):
    monkeypatch.setenv("RELEASE_SEAL_TRUSTED", str(files / "missing"))
    with pytest.raises(ConfigurationError, match="RELEASE_SEAL_TRUSTED"):
        seal_settings.chosen(Env())


def test_demonstration_makes_its_own_seal_once(tmp_path, monkeypatch):
    for name in demo_keys.SEAL:
        monkeypatch.setenv(name, "")
    demo_keys.load_seal(tmp_path / "seal")
    first = seal_settings.chosen(Env())
    assert not list(seal_settings.unfit(first))
    assert (tmp_path / "seal/key.pem").stat().st_mode & 0o777 == 0o600
    for name in demo_keys.SEAL:
        monkeypatch.setenv(name, "")
    demo_keys.load_seal(tmp_path / "seal")
    assert seal_settings.chosen(Env()) == first
    assert [path.name for path in tmp_path.iterdir()] == ["seal"]


def test_seal_of_the_settings_wins_over_that_of_the_demonstration(files, tmp_path):
    demo_keys.load_seal(tmp_path / "seal")
    assert os.environ["RELEASE_SEAL_KEY_FILE"] == str(files / "key.pem")
    assert not (tmp_path / "seal").exists()


def warnings():
    return [one.id for one in seal_checks.seal_is_fit()]


def test_check_warns_of_a_missing_an_ending_and_an_open_seal(settings, files, pair):
    keys.use(settings, pair)
    settings.RELEASE_TIMESTAMP_URL = settings.RELEASE_TIMESTAMP_CERTIFICATES = ""
    assert warnings() == []
    (files / "key.pem").chmod(0o644)
    assert warnings() == ["hmis.W032"]
    (files / "key.pem").chmod(0o600)
    keys.use(settings, keys.pair(ends=keys.NOW + keys.YEAR / 12))
    assert warnings() == ["hmis.W031"]
    settings.RELEASE_SEAL_KEY = ""
    assert warnings() == ["hmis.I030"]
