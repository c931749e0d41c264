-- Who saw or did what with whose data (AUD-1). Rows are only ever added; triggers refuse the rest.
CREATE TABLE audit_entries (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    patient_id uuid,
    category text NOT NULL,
    action text NOT NULL,
    outcome text NOT NULL,
    subject_id uuid,
    request_id uuid NOT NULL
);
CREATE INDEX audit_entries_patient ON audit_entries (patient_id, at);

-- Answers of writes that carried an Idempotency-Key (API-1), so that a repeat gets the first answer.
CREATE TABLE idempotency_keys (
    actor_id uuid NOT NULL,
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL,
    answer jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (actor_id, idempotency_key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
