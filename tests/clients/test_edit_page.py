from tests.factories import ClientFactory


def test_refused_form_leaves_the_saved_name_in_the_client_bar(portal, alice, harbor):
    client = ClientFactory(first_name="Maria", organization=harbor, created_by=alice)
    page = portal(alice).post(
        f"/clients/{client.pk}/edit/", {"first_name": "Marietta", "dob": "02/30/1990"}
    )
    assert page.context["client"].first_name == "Maria"
    assert page.context["form"]["first_name"].value() == "Marietta"
