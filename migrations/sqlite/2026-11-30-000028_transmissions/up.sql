-- Copies of health records that patients sent to somebody: to whom, when, how, and what became of them.
CREATE TABLE transmissions (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    sent_at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    record_id BLOB NOT NULL REFERENCES health_records (id),
    sent_by BLOB NOT NULL REFERENCES accounts (id),
    recipient TEXT NOT NULL,
    format TEXT NOT NULL,
    way TEXT NOT NULL,
    -- Its row in the outbox, which is forgotten after a while.
    mail_id BLOB NOT NULL,
    -- SHA-256 of the link's token, and of the token with the pass code; none for an attachment.
    token_hash BLOB UNIQUE,
    code_hash BLOB,
    wrong_codes INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    opened_at INTEGER,
    downloaded_at INTEGER,
    downloads INTEGER NOT NULL,
    withdrawn_at INTEGER,
    PRIMARY KEY (patient_id, sent_at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX transmissions_of_record ON transmissions (record_id);
