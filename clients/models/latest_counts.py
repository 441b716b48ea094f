"""Which of a client's answers counts: the latest (13.1), as a trigger of `clients_release`.

One for the same organizations takes the place of an earlier one from the day on which it begins; a
refusal for all ends every release, and one for a single organization takes that one out of
releases for all, later ones too, until an answer is about that organization. What was recorded by
mistake, or waits for a decision after a merge, counts for nothing. What a guardian released counts
to the 18th birthday (March 1 without a February 29), also where the date of birth was corrected
since. Two answers at once wait for each other at the client.
"""

# The 18th birthday of a date of birth, as `hud.rules.dob.turns_18` says it.
TURNS_18_SQL = """({dob} + interval '18 years')::date + CASE
            WHEN extract(day FROM {dob}) > extract(day FROM {dob} + interval '18 years') THEN 1 ELSE 0
        END"""  # noqa: E501 - one trigger, as it was migrated
LATEST_COUNTS = """
    PERFORM 1 FROM clients_client WHERE id = NEW.client_id FOR NO KEY UPDATE;
    UPDATE clients_release answer SET
        replaced_on = LEAST(CASE
            WHEN answer.signed_by = 'guardian' AND answer.kind <> 'refused'
                AND COALESCE(answer.ends_on, 'infinity') >= adult.since THEN adult.since
        END, (
            SELECT min(later.begins_on) FROM clients_release later
            WHERE later.client_id = answer.client_id AND later.revoked_reason <> 'mistake'
                AND NOT later.undecided
                AND (later.answered_on, later.id) > (answer.answered_on, answer.id)
                AND (later.covers_id IS NOT DISTINCT FROM answer.covers_id
                    OR (later.kind = 'refused' AND later.covers_id IS NULL))
        )),
        excludes = COALESCE((
            SELECT array_agg(DISTINCT refusal.covers_id) FROM clients_release refusal
            WHERE refusal.client_id = answer.client_id AND refusal.revoked_reason <> 'mistake'
                AND refusal.kind = 'refused' AND refusal.covers_id IS NOT NULL
                AND answer.covers_id IS NULL AND answer.kind <> 'refused'
                AND ((refusal.answered_on, refusal.id) > (answer.answered_on, answer.id)
                    OR NOT EXISTS (
                        SELECT FROM clients_release later
                        WHERE later.client_id = refusal.client_id
                            AND later.covers_id = refusal.covers_id
                            AND later.revoked_reason <> 'mistake' AND NOT later.undecided
                            AND (later.answered_on, later.id) > (refusal.answered_on, refusal.id)
                    ))
        ), '{}')
    FROM clients_client client, LATERAL (
        SELECT TURNS_18 AS since FROM (SELECT client.dob) born
    ) adult
    WHERE answer.client_id IN (NEW.client_id, OLD.client_id) AND client.id = answer.client_id;
    RETURN NULL;
""".replace("TURNS_18", TURNS_18_SQL.format(dob="dob"))
