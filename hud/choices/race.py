"""Race and ethnicity (3.04): a tick for each, and a client may have several."""

# The columns of Client.csv in HUD's order (pseudo-list "race"), in snake_case, with HUD's wording.
RACES: tuple[tuple[str, str], ...] = (
    ("am_ind_ak_native", "American Indian, Alaska Native, or Indigenous"),
    ("asian", "Asian or Asian American"),
    ("black_af_american", "Black, African American, or African"),
    ("hispanic_latinao", "Hispanic/Latina/o"),
    ("mid_east_n_african", "Middle Eastern or North African"),
    ("native_hi_pacific", "Native Hawaiian or Pacific Islander"),
    ("white", "White"),
)
