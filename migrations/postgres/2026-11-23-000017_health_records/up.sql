-- Health records that patients asked for (PHR-1, PHR-4). The bytes of their files lie in the file store.
CREATE TABLE health_records (
    patient_id uuid NOT NULL REFERENCES patients (id),
    requested_at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    requested_by uuid NOT NULL REFERENCES accounts (id),
    state text NOT NULL,
    -- portal_domain::record::NewHealthRecord.
    asked jsonb NOT NULL,
    -- When somebody began to make it; whoever finds this long ago begins anew.
    claimed_at timestamptz,
    tries bigint NOT NULL,
    failure text,
    ready_at timestamptz,
    expires_at timestamptz,
    -- Format, id in the file store, size and SHA-256 of each file.
    files jsonb NOT NULL,
    PRIMARY KEY (patient_id, requested_at, id)
);
CREATE INDEX health_records_undone ON health_records (requested_at, id) WHERE ready_at IS NULL AND failure IS NULL;
CREATE INDEX health_records_expiry ON health_records (expires_at) WHERE expires_at IS NOT NULL;

ALTER TABLE practices ADD COLUMN health_records bigint NOT NULL DEFAULT 1;
