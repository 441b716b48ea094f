"""The database's half of a merge: what is written meanwhile follows the person."""

import pgtrigger

FOLLOW = """
    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;
    IF survivor IS NOT NULL THEN
        NEW.client_id = survivor;
    END IF;
    RETURN NEW;
"""


def follows_merge() -> pgtrigger.Trigger:
    """For a table whose new rows are about a client.

    A form that was opened, or a row that waits for the lock, before a merge is committed still
    names the ID that is gone; nobody would find it there.
    """
    return pgtrigger.Trigger(
        name="follows_merge",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("survivor", "bigint")],
        func=FOLLOW,
    )
