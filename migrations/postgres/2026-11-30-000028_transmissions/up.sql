-- Copies of health records that patients sent to somebody: to whom, when, how, and what became of them.
CREATE TABLE transmissions (
    patient_id uuid NOT NULL REFERENCES patients (id),
    sent_at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    record_id uuid NOT NULL REFERENCES health_records (id),
    sent_by uuid NOT NULL REFERENCES accounts (id),
    recipient text NOT NULL,
    format text NOT NULL,
    way text NOT NULL,
    -- Its row in the outbox, which is forgotten after a while.
    mail_id uuid NOT NULL,
    -- SHA-256 of the link's token, and of the token with the pass code; none for an attachment.
    token_hash bytea UNIQUE,
    code_hash bytea,
    wrong_codes bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    opened_at timestamptz,
    downloaded_at timestamptz,
    downloads bigint NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (patient_id, sent_at, id)
);
CREATE INDEX transmissions_of_record ON transmissions (record_id);
