-- Requests to correct the record, and the practice's answers (PHR-6, 45 CFR 164.526).
CREATE TABLE amendments (
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    state text NOT NULL,
    section text NOT NULL,
    entry text NOT NULL,
    wrong text NOT NULL,
    correct text NOT NULL,
    requested_by uuid NOT NULL REFERENCES accounts (id),
    requested_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    denial text,
    words text NOT NULL,
    closed_by uuid REFERENCES accounts (id),
    closed_at timestamptz,
    version bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX amendments_queue ON amendments (state, due_at, id);
CREATE INDEX amendments_of ON amendments (patient_id, requested_at, id);
