-- Where members of staff work; whoever has no line works for the whole practice.
CREATE TABLE account_locations (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    location_id BLOB NOT NULL REFERENCES locations (id),
    PRIMARY KEY (account_id, location_id)
) STRICT, WITHOUT ROWID;

-- Records that staff opened for a reason, though the patient belongs to other locations (ADM-6).
CREATE TABLE emergency_accesses (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    -- When it ends by itself, or was ended before.
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX emergency_accesses_account ON emergency_accesses (account_id, patient_id, ends_at);
CREATE INDEX emergency_accesses_begun ON emergency_accesses (begun_at, id);

-- Under which emergency access it was done (ADM-6).
ALTER TABLE audit_entries ADD COLUMN emergency_access_id BLOB;
