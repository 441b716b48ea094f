"""What 4.02 Income, 4.03 Non-Cash Benefits and 4.04 Health Insurance ask for, source by source.

Fields are the columns of IncomeBenefits.csv; labels follow the HMIS data dictionary.
"""

from typing import NamedTuple


class Source(NamedTuple):
    """A source: its yes-no field, its label, the fields of its amount and of why not, if any."""

    field: str
    label: str
    amount: str | None = None
    reason: str | None = None


class Topic(NamedTuple):
    """An element: HUD's number, the "from any source" field and the sources below it."""

    rule: str
    any_field: str
    sources: tuple[Source, ...]

    @property
    def other(self) -> Source:
        """The last source, which is named in words."""
        return self.sources[-1]

    @property
    def identify_field(self) -> str:
        """The field of those words."""
        return f"{self.other.field}_identify"

    @property
    def amounts(self) -> tuple[str, ...]:
        return tuple(source.amount for source in self.sources if source.amount)

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(source.reason for source in self.sources if source.reason)


def _paid(field: str, label: str) -> Source:
    return Source(field, label, f"{field}_amount")


def _insured(field: str, label: str, reason: str = "") -> Source:
    return Source(field, label, reason=reason or f"no_{field}_reason")


INCOME = Topic(
    "4.02",
    "income_from_any_source",
    (
        _paid("earned", "Earned income (i.e., employment income)"),
        _paid("unemployment", "Unemployment Insurance"),
        _paid("ssi", "Supplemental Security Income (SSI)"),
        _paid("ssdi", "Social Security Disability Insurance (SSDI)"),
        _paid("va_disability_service", "VA Service-Connected Disability Compensation"),
        _paid("va_disability_non_service", "VA Non-Service-Connected Disability Pension"),
        _paid("private_disability", "Private disability insurance"),
        _paid("workers_comp", "Worker's Compensation"),
        _paid("tanf", "Temporary Assistance for Needy Families (TANF)"),
        _paid("ga", "General Assistance (GA)"),
        _paid("soc_sec_retirement", "Retirement Income from Social Security"),
        _paid("pension", "Pension or retirement income from a former job"),
        _paid("child_support", "Child support"),
        _paid("alimony", "Alimony and other spousal support"),
        Source("other_income_source", "Other income source", "other_income_amount"),
    ),
)

BENEFITS = Topic(
    "4.03",
    "benefits_from_any_source",
    (
        Source("snap", "Supplemental Nutrition Assistance Program (SNAP)"),
        Source(
            "wic",
            "Special Supplemental Nutrition Program for Women, Infants, and Children (WIC)",
        ),
        Source("tanf_child_care", "TANF Child Care services"),
        Source("tanf_transportation", "TANF transportation services"),
        Source("other_tanf", "Other TANF-funded services"),
        Source("other_benefits_source", "Other source"),
    ),
)

INSURANCE = Topic(
    "4.04",
    "insurance_from_any_source",
    (
        _insured("medicaid", "MEDICAID"),
        _insured("medicare", "MEDICARE"),
        _insured("schip", "State Children's Health Insurance Program"),
        _insured("vha_services", "Veteran's Health Administration (VHA)", "no_vha_reason"),
        _insured("employer_provided", "Employer-Provided Health Insurance"),
        _insured("cobra", "Health Insurance obtained through COBRA"),
        _insured("private_pay", "Private Pay Health Insurance"),
        _insured("state_health_ins", "State Health Insurance for Adults"),
        _insured("indian_health_services", "Indian Health Services Program"),
        Source("other_insurance", "Other"),
    ),
)
