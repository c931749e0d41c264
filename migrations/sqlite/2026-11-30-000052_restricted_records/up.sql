-- Records that are restricted to named staff (ADM-6); a row that was lifted keeps its version.
CREATE TABLE restricted_records (
    patient_id BLOB NOT NULL PRIMARY KEY REFERENCES patients (id),
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    changed_by BLOB NOT NULL REFERENCES accounts (id),
    lifted_at INTEGER,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX restricted_records_since ON restricted_records (since, patient_id) WHERE lifted_at IS NULL;

-- To whom they are open.
CREATE TABLE restricted_record_staff (
    patient_id BLOB NOT NULL REFERENCES restricted_records (patient_id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (patient_id, account_id)
) STRICT, WITHOUT ROWID;
