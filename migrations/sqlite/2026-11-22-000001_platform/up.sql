-- Who saw or did what with whose data (AUD-1). Rows are only ever added; triggers refuse the rest.
CREATE TABLE audit_entries (
    id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    patient_id BLOB,
    category TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    subject_id BLOB,
    request_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_entries_patient ON audit_entries (patient_id, at);

-- Answers of writes that carried an Idempotency-Key (API-1), so that a repeat gets the first answer.
CREATE TABLE idempotency_keys (
    actor_id BLOB NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    answer TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (actor_id, idempotency_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
