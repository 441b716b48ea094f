"""What is refused as a key or a certificate of the seal."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from consent.sealing.certificates import UnfitError, private_key, seal_of
from tests.consent.sealing import keys


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (rsa.generate_private_key(65537, 2048), "RSA of 3072 bits"),
        (ec.generate_private_key(ec.SECP256K1()), "P-256"),
        (ed25519.Ed25519PrivateKey.generate(), "P-256"),
    ],
    ids=["short", "curve", "kind"],
)
def test_weak_key_is_refused(key, sentence):
    if isinstance(key, ed25519.Ed25519PrivateKey):
        from cryptography.hazmat.primitives import serialization as s

        pem = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()).decode()
    else:
        pem = keys.pair(key=key).key
    with pytest.raises(UnfitError, match=sentence):
        private_key(pem)


def test_key_with_a_passphrase_is_refused_with_the_command_that_takes_it_off():
    locked = keys.pair(passphrase=b"secret")
    with pytest.raises(UnfitError, match="openssl pkey"):
        seal_of(locked.key, locked.certificate)


def test_certificate_that_may_not_sign_is_refused():
    other = keys.pair(signs=False)
    with pytest.raises(UnfitError, match="may not sign"):
        seal_of(other.key, other.certificate)
