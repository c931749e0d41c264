-- Records that patients brought from other clinics. What they hold lies sealed in the file store and is read anew each time.
CREATE TABLE outside_records (
    patient_id uuid NOT NULL REFERENCES patients (id),
    added_at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    added_by uuid NOT NULL REFERENCES accounts (id),
    format text NOT NULL,
    -- What the record says of itself; either may be empty.
    title text NOT NULL,
    source text NOT NULL,
    made_on date,
    -- Whether it names another last name or date of birth than the chart did.
    may_be_of_another bigint NOT NULL,
    -- In the file store.
    file_id uuid NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    PRIMARY KEY (patient_id, added_at, id)
);
