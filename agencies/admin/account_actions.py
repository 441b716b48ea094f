"""What may be done to somebody's account, each after a question."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms

from agencies import actions
from agencies.models import FactorReset, User


class IdentifiedForm(forms.Form):
    identified = forms.ChoiceField(
        label="How did you verify who is asking?",
        choices=FactorReset.Identified.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you verified that this person is asking."},
    )


@dataclass(frozen=True)
class AccountAction:
    """One action: the button that leads to its question, what it means, and who it is for.

    Args:
        is_open: whether it can be done to the account as it is.
        ends_work: whether somebody else has to take over the user's open work.
        do: called with the user, who does it and the answers of `form`.
        done: the message afterwards.
        form: what is asked before it.
        needs_confirmation: whether the officer's own password or code is asked for first.
        is_invitation: whether it counts as a mail of those that an officer sends in a day.
    """

    key: str
    label: str
    question: str
    text: str
    icon: str
    is_open: Callable[[User], bool]
    do: Callable[[User, User, dict], None]
    done: str
    is_destructive: bool = False
    ends_work: bool = False
    form: type[forms.Form] | None = None
    needs_confirmation: bool = False
    is_invitation: bool = False


ACCOUNT_ACTIONS = {
    action.key: action
    for action in (
        AccountAction(
            key="invite-again",
            label="Send the link again",
            question="Send a new link?",
            text="We e-mail a link for choosing a password to the address below.",
            icon="mail",
            is_open=lambda user: user.is_active and user.is_invited and bool(user.shown_access),
            do=lambda user, by, answers: actions.invite_again(
                user=user, organization=user.shown_access[0].organization
            ),
            done="A new link is on its way.",
            is_invitation=True,
        ),
        AccountAction(
            key="reset-second-factor",
            label="Reset two-step log-in",
            question="Reset two-step log-in?",
            text=(
                "For somebody who lost the phone with the authenticator app. First verify that "
                "this person is really asking. The app and the recovery codes stop working, every "
                "session ends, and we e-mail this address a link for setting up a new app."
            ),
            icon="shield",
            is_open=lambda user: user.has_second_factor or user.has_open_reset,
            do=lambda user, by, answers: actions.reset_second_factor(
                user=user, identified=answers["identified"], by=by
            ),
            done=(
                "Two-step log-in was reset, and every session of this user has ended. An e-mail "
                "with a link for setting up a new app is on its way."
            ),
            is_destructive=True,
            form=IdentifiedForm,
            needs_confirmation=True,
        ),
        AccountAction(
            key="end-sessions",
            label="End sessions",
            question="End every session of this user?",
            text=(
                "For a computer that was left unlocked, lost or stolen. The user is logged out "
                "everywhere immediately and can log in again; what was typed is kept as a draft."
            ),
            icon="log-out",
            is_open=lambda user: user.is_active and not user.is_invited,
            do=lambda user, by, answers: actions.end_sessions(user=user),
            done="Every session of this user has ended.",
        ),
        AccountAction(
            key="deactivate",
            label="Deactivate",
            question="Deactivate this user?",
            text=(
                "Every session ends immediately and nobody can log in with this account. "
                "What the user wrote stays. You can reactivate the user later."
            ),
            icon="lock",
            is_open=lambda user: user.is_active,
            do=lambda user, by, answers: actions.deactivate(user=user),
            done="Deactivated. Every session of this user has ended.",
            is_destructive=True,
            ends_work=True,
        ),
        AccountAction(
            key="activate",
            label="Reactivate",
            question="Reactivate this user?",
            text="The user can log in again, with the same password and the same access.",
            icon="restore",
            is_open=lambda user: not user.is_active,
            do=lambda user, by, answers: actions.activate(user=user),
            done="This user can log in again.",
        ),
    )
}
