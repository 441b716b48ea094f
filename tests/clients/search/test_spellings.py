"""The dictionary of spellings, and the keys that are kept beside the names."""

import pytest

from clients.models import Client, NameSpelling
from clients.search.spellings import Typed, spellings_of
from tests.factories import ClientAliasFactory


def test_saving_a_name_adds_its_spellings_once(person):
    person("Juan Carlos", "García-López")
    person("Juan Carlos", "García-López")
    assert set(NameSpelling.objects.values_list("part", "key")) == {
        ("juancarlos", "juancarlos"),
        ("juan", "juancarlos"),
        ("carlos", "juancarlos"),
        ("garcialopez", "garcialopez"),
        ("garcia", "garcia"),
        ("lopez", "lopez"),
    }


def test_bulk_create_adds_spellings_too(person, harbor, alice):
    Client.objects.bulk_create(
        [
            Client(
                last_name="Smith",
                name_data_quality=2,
                organization=harbor,
                created_by=alice,
                updated_by=alice,
            )
        ]
    )
    assert NameSpelling.objects.get().part == "smith"


def test_saving_some_columns_saves_the_keys_of_names_too(person):
    client = person("John", "Smith")
    client.last_name = "García-López"
    client.save(update_fields=["last_name"])
    client.refresh_from_db()
    assert (client.last_key, client.last_part_key) == ("garcialopez", "lopez")
    assert NameSpelling.objects.filter(part="lopez").exists()


def test_aliases_have_keys_and_spellings(person):
    alias = ClientAliasFactory(client=person("A", "B"), first_name="Zoë", last_name="Ruiz Peña")
    assert (alias.first_key, alias.last_key, alias.last_part_key) == ("zoe", "ruizpena", "pena")
    assert NameSpelling.objects.filter(part="pena").exists()


@pytest.mark.parametrize("name", ["Jo", "", "😀", "%"])
def test_a_short_name_asks_the_dictionary_nothing(name, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        spellings_of([Typed(name, True)])


def test_look_ups_are_put_together_once(person, monkeypatch):
    person("John", "Smith")
    first, other = Typed("Jhon", True), Typed("Jonh", True)
    spellings_of([first])
    monkeypatch.setattr("clients.search.spellings._sources", None)
    assert "john" in spellings_of([other])[other]


def test_a_script_without_sound_does_not_match_every_other(person):
    person("王小明", "محمد حسين")
    person("李四五六", "فاطمة")
    name = Typed("Δημήτρης", True)
    assert list(spellings_of([name])[name]) == [name.key]


def test_spellings_are_few_and_the_best_come_first(person):
    for letter in "abcdefghijklmnopqrstuvwxyz":
        person(f"Christoph{letter}", "X")
    name = Typed("Christoph", True)
    spellings = spellings_of([name])[name]
    assert next(iter(spellings)) == "christoph"
    assert len(spellings) <= 13 + 10


@pytest.mark.parametrize("first", ["Stefan", "Stefon"])
def test_spellings_that_are_equally_near_are_in_one_order(person, first):
    """Whichever the dictionary has had longer."""
    for name in (first, "Stefan", "Stefon"):
        person(name, "X")
    name = Typed("Stephen", True)
    alike = spellings_of([name])[name]
    assert alike["stefan"] == alike["stefon"]
    assert [key for key in alike if key.startswith("stef")] == ["stefan", "stefon"]


def test_a_name_of_signs_that_come_apart_can_be_saved(person):
    client = person("\ufdfa" * 50, "Smith")
    assert len(client.first_key) == 200
