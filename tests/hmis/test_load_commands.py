from datetime import date

import pytest
from django.core.management import CommandError, call_command

from agencies.models import User
from clients.models import Client
from consent.models import Signature
from hmis.demo.bulk import add_clients_in_bulk
from hmis.demo.load import load

TODAY = date(2026, 3, 2)


def test_bulk_clients_need_agencies(db):
    with pytest.raises(CommandError, match="load_demo"):
        list(add_clients_in_bulk(count=1, today=TODAY))


@pytest.mark.parametrize("command", [("load_demo",), ("load_test_clients", "10")])
def test_production_is_left_alone(db, settings, command):
    settings.DEMO = False
    with pytest.raises(CommandError, match="HMIS_DEMO"):
        call_command(*command)
    assert not User.objects.exists()


def test_another_seed_loads_other_clients(db, capsys):
    call_command("load_demo", "--clients", "60", "--seed", "5")
    names = list(Client.objects.order_by("pk").values_list("first_name", "last_name"))
    assert len(names) == 60
    assert "casey@harbor.example" in capsys.readouterr().out


def test_without_a_seal_nobody_signs(db, settings):
    settings.RELEASE_SEAL_KEY = settings.RELEASE_SEAL_CERTIFICATE = ""
    load(count=0)
    assert Client.objects.exists()
    assert not Signature.objects.exists()
