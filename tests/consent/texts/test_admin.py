"""Release Texts in the Data Quality workspace: who writes which, and that nothing is lost."""

import pytest
from django.urls import reverse

from consent.models import ReleaseTemplate, TemplateText, TemplateVersion
from consent.texts import actions
from consent.texts.samples import samples
from tests.consent.factories import ReleaseTemplateFactory
from tests.factories import UserFactory
from tests.pages import messages

pytestmark = pytest.mark.django_db
LIST = "admin:consent_releasetemplate_changelist"


def url(name, *args):
    return reverse(f"admin:consent_{name}", args=args)


@pytest.fixture
def administrator(harbor):
    return UserFactory(is_superuser=True, is_staff=True, at=[harbor])


@pytest.fixture
def template(harbor, dana):
    """Harbor's text, with its first draft."""
    template = ReleaseTemplateFactory(organization=harbor, created_by=dana)
    actions.start_draft(template=template, by=dana)
    return template


@pytest.fixture
def draft(template):
    return template.versions.get()


def typed(page, **changed):
    """What the page of a draft would send."""
    form = page.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "on" if value is True else value for name, value in sent.items() if value}
    formset = page.context["inline_admin_formsets"][0].formset
    sent |= {f"{formset.prefix}-{name}": n for name, n in formset.management_form.initial.items()}
    for row in formset.forms:
        for name in row.fields:
            value = row[name].value()
            sent[f"{row.prefix}-{name}"] = "" if value is None else getattr(value, "pk", value)
    return {name: value for name, value in (sent | changed).items() if value is not False}


def test_officer_adds_the_text_of_the_own_organization_and_begins_with_the_sample(
    portal, dana, harbor
):
    answer = portal(dana).post(url("releasetemplate_add"), {"organization": harbor.pk})
    draft = TemplateVersion.objects.get()
    assert answer["Location"] == url("templateversion_change", draft.pk)
    assert draft.template.organization == harbor
    assert draft.texts.count() == len(samples())


def test_only_administrators_are_offered_the_whole_coc(portal, dana, administrator):
    for user, offered in ((dana, False), (administrator, True)):
        page = portal(user).get(url("releasetemplate_add"))
        assert ("All of the CoC" in page.text) is offered


@pytest.mark.parametrize("organization", ["", "bridge"])
def test_officer_adds_no_text_of_the_coc_or_of_others(portal, dana, bridge, organization):
    chosen = bridge.pk if organization else ""
    page = portal(dana).post(url("releasetemplate_add"), {"organization": chosen})
    assert page.status_code == 200
    assert not ReleaseTemplate.objects.exists()


def test_administrator_adds_the_text_of_the_coc(portal, administrator):
    portal(administrator).post(url("releasetemplate_add"), {"organization": ""})
    assert ReleaseTemplate.objects.get().organization is None


def test_officer_reads_the_text_of_the_coc_and_changes_nothing_of_it(portal, dana):
    template = ReleaseTemplateFactory(organization=None)
    draft = actions.start_draft(template=template, by=template.created_by)
    browser = portal(dana)
    assert browser.get(url("releasetemplate_change", template.pk)).status_code == 200
    assert browser.get(url("templateversion_preview", draft.pk)).status_code == 200
    page = browser.get(url("templateversion_change", draft.pk))
    assert 'name="_save"' not in page.text
    for name in ("templateversion_publish", "templateversion_retire"):
        assert browser.post(url(name, draft.pk), {"seen": actions.seen(draft)}).status_code == 403
    assert browser.post(url("releasetemplate_draft", template.pk)).status_code == 403
    assert browser.post(url("templateversion_delete", draft.pk)).status_code == 403
    draft.refresh_from_db()
    assert draft.is_draft


def test_officer_of_another_organization_does_not_see_it(portal, template, draft, bridge):
    browser = portal(UserFactory(dqo_at=[bridge]))
    assert "Harbor" not in browser.get(reverse(LIST)).text
    for name in ("preview", "publish", "retire"):
        page = url(f"templateversion_{name}", draft.pk)
        assert browser.post(page).status_code in {404, 405}
    assert browser.post(url("releasetemplate_draft", template.pk)).status_code == 404


def test_case_manager_is_not_let_in(portal, alice, draft):
    assert portal(alice).get(url("templateversion_preview", draft.pk)).status_code in {302, 403}


def test_draft_is_saved_previewed_and_published(portal, dana, harbor, draft):
    browser = portal(dana)
    page = browser.get(url("templateversion_change", draft.pk))
    sent = typed(page, is_sample=False, months=6, _preview="")
    sent["texts-0-title"] = "Let us share"
    answer = browser.post(url("templateversion_change", draft.pk), sent)
    assert answer["Location"] == url("templateversion_preview", draft.pk)
    preview = browser.get(answer["Location"])
    assert "Let us share" in preview.text
    assert "Alex Sample" in preview.text
    seen = preview.context["seen"]
    page = browser.post(url("templateversion_publish", draft.pk), {"seen": seen}, follow=True)
    assert messages(page) == ["Version 1 is in force. Clients are asked to sign it from now on."]
    draft.refresh_from_db()
    assert (draft.number, draft.months, draft.is_sample) == (1, 6, False)
    assert draft.published_by == dana


def test_unknown_placeholder_is_refused_with_a_sentence(portal, dana, draft):
    browser = portal(dana)
    sent = typed(browser.get(url("templateversion_change", draft.pk)))
    sent["texts-0-text"] = "Dear {name}"
    page = browser.post(url("templateversion_change", draft.pk), sent)
    assert "{name} is not a placeholder. Write {client}, {organization}, {today} or {end}." in (
        page.text
    )
    assert not TemplateText.objects.filter(text="Dear {name}").exists()


def test_draft_that_somebody_else_changed_is_not_written_over_unseen(portal, dana, draft):
    browser = portal(dana)
    sent = typed(browser.get(url("templateversion_change", draft.pk)))
    sent["texts-0-title"] = "Mine"
    draft.texts.filter(language="en").update(title="Theirs")
    page = browser.post(url("templateversion_change", draft.pk), sent)
    assert "Somebody else changed this draft since you opened it." in page.text
    assert draft.texts.filter(title="Theirs").exists()
    sent["seen"] = page.context["adminform"].form["seen"].value()
    browser.post(url("templateversion_change", draft.pk), sent)
    assert draft.texts.filter(title="Mine").exists()


def test_language_is_taken_out_of_a_draft(portal, dana, draft):
    browser = portal(dana)
    sent = typed(browser.get(url("templateversion_change", draft.pk)))
    sent["texts-0-DELETE"] = "on"
    browser.post(url("templateversion_change", draft.pk), sent)
    assert draft.texts.count() == len(samples()) - 1
    changes = browser.get(url("templateversion_history", draft.pk)).text
    assert "Version of a release text" in changes
    assert f"Version of a release text {draft.pk} changed" not in changes


def test_published_version_has_no_form(portal, dana, draft):
    actions.publish(version=draft, seen_as=actions.seen(draft), by=dana)
    browser = portal(dana)
    page = browser.get(url("templateversion_change", draft.pk))
    assert 'name="_save"' not in page.text
    assert browser.post(url("templateversion_change", draft.pk), {"months": 1}).status_code == 403
    assert browser.post(url("templateversion_delete", draft.pk), {"post": "yes"}).status_code == 403


def test_draft_is_deleted_after_a_question(portal, dana, draft):
    browser = portal(dana)
    assert browser.get(url("templateversion_delete", draft.pk)).status_code == 200
    browser.post(url("templateversion_delete", draft.pk), {"post": "yes"})
    assert not TemplateVersion.objects.exists()


def test_version_is_retired_after_a_question(portal, dana, draft):
    actions.publish(version=draft, seen_as=actions.seen(draft), by=dana)
    browser = portal(dana)
    assert "Retire Version 1?" in browser.get(url("templateversion_retire", draft.pk)).text
    page = browser.post(url("templateversion_retire", draft.pk), follow=True)
    assert messages(page) == ["Version 1 is retired."]
    page = browser.post(url("templateversion_retire", draft.pk), follow=True)
    assert messages(page) == [actions.NOT_IN_FORCE]


def test_history_says_who_published_and_what_was_written(portal, dana, template, draft):
    draft.texts.filter(language="en").update(title="Let us share")
    draft.refresh_from_db()
    version = TemplateVersion.objects.get(pk=draft.pk)
    actions.publish(version=version, seen_as=actions.seen(version), by=dana)
    page = portal(dana).get(url("releasetemplate_history", template.pk)).text
    assert "Let us share" in page
    assert "Published" in page


def test_administrator_without_an_organization_previews_the_text_of_the_coc(portal):
    administrator = UserFactory(is_superuser=True, is_staff=True)
    template = ReleaseTemplateFactory(organization=None)
    draft = actions.start_draft(template=template, by=administrator)
    preview = portal(administrator).get(url("templateversion_preview", draft.pk))
    assert "Sample Agency asks Alex Sample to read this text" in preview.text
