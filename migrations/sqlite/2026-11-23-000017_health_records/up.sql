-- Health records that patients asked for (PHR-1, PHR-4). The bytes of their files lie in the file store.
CREATE TABLE health_records (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    requested_at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    requested_by BLOB NOT NULL REFERENCES accounts (id),
    state TEXT NOT NULL,
    -- portal_domain::record::NewHealthRecord.
    asked TEXT NOT NULL,
    -- When somebody began to make it; whoever finds this long ago begins anew.
    claimed_at INTEGER,
    tries INTEGER NOT NULL,
    failure TEXT,
    ready_at INTEGER,
    expires_at INTEGER,
    -- Format, id in the file store, size and SHA-256 of each file.
    files TEXT NOT NULL,
    PRIMARY KEY (patient_id, requested_at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX health_records_undone ON health_records (requested_at, id) WHERE ready_at IS NULL AND failure IS NULL;
CREATE INDEX health_records_expiry ON health_records (expires_at) WHERE expires_at IS NOT NULL;

ALTER TABLE practices ADD COLUMN health_records INTEGER NOT NULL DEFAULT 1;
