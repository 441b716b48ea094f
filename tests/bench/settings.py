"""The product's settings, with the two pages that the page table is compared to."""

from hmis.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
