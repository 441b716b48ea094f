"""What rules in SQL may know of an SSN: its shape, which says nothing about whose it is."""

import pytest
from django.core.management import call_command

from clients.models import Client
from hud.rules import ssn
from tests.factories import ClientFactory

SHAPES = {
    "": "",
    "123121234": "whole",
    "xxxxx1234": "part",
    "123xx1234": "part",
    "666121234": "impossible",
    "xxxxx0000": "impossible",
    "111111111": "impossible",
    "12345": "impossible",
}


@pytest.mark.parametrize(("number", "shape"), SHAPES.items())
def test_shape_of_an_ssn(number, shape):
    assert ssn.shape(number) == shape
    assert (ssn.shape(number) == "impossible") == bool(ssn.issues(number))


def of(number: str) -> Client:
    quality = 1 if number else 99
    return ClientFactory(ssn=number, ssn_data_quality=quality)


@pytest.mark.parametrize(("number", "shape"), SHAPES.items())
def test_shape_follows_the_ssn_whenever_a_client_is_saved(db, number, shape):
    client = of("219099871")
    client.ssn, client.ssn_data_quality = number, 1 if number else 99
    client.save()
    assert Client.objects.get(pk=client.pk).ssn_shape == shape


def test_new_keys_judge_what_an_older_release_left_unjudged(db):
    client = of("666121234")
    Client.objects.update(ssn_shape="")
    call_command("rotate_ssn_keys", verbosity=0)
    assert Client.objects.get(pk=client.pk).ssn_shape == "impossible"
