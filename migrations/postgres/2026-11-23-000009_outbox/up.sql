-- E-mail that is to be sent, written in the transaction of what it tells (NTF-3).
CREATE TABLE outbox_mails (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    account_id uuid REFERENCES accounts (id),
    to_address text NOT NULL,
    -- Subject and text, sealed because they carry reset links and temporary passwords; null once the mail is done with.
    sealed bytea,
    state text NOT NULL,
    -- For staff: why it waits, failed or was not sent. Never what the mail says.
    reason text,
    attempts bigint NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    -- Until when the process that took the mail has time to send it.
    lease_until timestamptz,
    -- After this the mail would help nobody, as its link has expired.
    useless_after timestamptz,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX outbox_mails_due ON outbox_mails (next_attempt_at) WHERE sealed IS NOT NULL;
CREATE INDEX outbox_mails_age ON outbox_mails (created_at);
