-- E-mail that is to be sent, written in the transaction of what it tells (NTF-3).
CREATE TABLE outbox_mails (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    account_id BLOB REFERENCES accounts (id),
    to_address TEXT NOT NULL,
    -- Subject and text, sealed because they carry reset links and temporary passwords; null once the mail is done with.
    sealed BLOB,
    state TEXT NOT NULL,
    -- For staff: why it waits, failed or was not sent. Never what the mail says.
    reason TEXT,
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    -- Until when the process that took the mail has time to send it.
    lease_until INTEGER,
    -- After this the mail would help nobody, as its link has expired.
    useless_after INTEGER,
    created_at INTEGER NOT NULL,
    sent_at INTEGER
) STRICT;
CREATE INDEX outbox_mails_due ON outbox_mails (next_attempt_at) WHERE sealed IS NOT NULL;
CREATE INDEX outbox_mails_age ON outbox_mails (created_at);
