"""What can be done with a member of a household (12.1)."""

from agencies.models import User
from enrollments.family.households import FamilyHousehold
from enrollments.models import Enrollment
from records.pages import RowAction, row_action


def of_member(member: Enrollment, household: FamilyHousehold, user: User) -> list[RowAction]:
    """The entries behind the button of a member who is in the project.

    Their pages stay with the client who is open, where the user may change that enrollment.
    """
    look = row_action("Open", "enrollment", "enrollments:enrollment", member.client_id, member.pk)
    if not user.may_change(member):
        return [look]
    own = household.own if user.may_change(household.own) else member

    def action(label: str, icon: str, page: str, query: str = "") -> RowAction:
        found = row_action(label, icon, f"enrollments:{page}", own.client_id, own.pk)
        return found | {"url": f"{found['url']}{query}"}

    add = action("Add Household Member", "plus", "add_member")
    leave = action("Exit Member", "log-out", "exit", f"?leaving={member.pk}")
    if len(household.members) == 1:
        return [add, leave, look]
    lead = action("Change Head of Household", "swap", "change_head", f"?head={member.pk}")
    split = action("Split Household", "users", "split_household", f"?member={member.pk}")
    return [add, lead, leave, split, look]
