-- Records that patients brought from other clinics. What they hold lies sealed in the file store and is read anew each time.
CREATE TABLE outside_records (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    added_at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    added_by BLOB NOT NULL REFERENCES accounts (id),
    format TEXT NOT NULL,
    -- What the record says of itself; either may be empty.
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    made_on TEXT,
    -- Whether it names another last name or date of birth than the chart did.
    may_be_of_another INTEGER NOT NULL,
    -- In the file store.
    file_id BLOB NOT NULL,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    PRIMARY KEY (patient_id, added_at, id)
) STRICT, WITHOUT ROWID;
