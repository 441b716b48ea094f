from enrollments.models.assessment import (
    Assessment,
    Disability,
    EmploymentEducation,
    HealthAndDV,
    IncomeBenefits,
    YouthEducationStatus,
)
from enrollments.models.case_assignment import CaseAssignment
from enrollments.models.current_living_situation import CurrentLivingSituation
from enrollments.models.enrollment import Enrollment, Household
from enrollments.models.household_change import HouseholdChange
from enrollments.models.intake_draft import IntakeDraft
