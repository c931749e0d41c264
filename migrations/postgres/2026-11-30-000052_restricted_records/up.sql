-- Records that are restricted to named staff (ADM-6); a row that was lifted keeps its version.
CREATE TABLE restricted_records (
    patient_id uuid NOT NULL PRIMARY KEY REFERENCES patients (id),
    reason text NOT NULL,
    since timestamptz NOT NULL,
    changed_by uuid NOT NULL REFERENCES accounts (id),
    lifted_at timestamptz,
    version bigint NOT NULL
);
CREATE INDEX restricted_records_since ON restricted_records (since, patient_id) WHERE lifted_at IS NULL;

-- To whom they are open.
CREATE TABLE restricted_record_staff (
    patient_id uuid NOT NULL REFERENCES restricted_records (patient_id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (patient_id, account_id)
);
