-- Releases that were taken back (LAB-1): the result itself waits for release again.
CREATE TABLE result_recalls (
    patient_id uuid NOT NULL REFERENCES patients (id),
    at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    result_id uuid NOT NULL REFERENCES results (id),
    recalled_by uuid NOT NULL REFERENCES accounts (id),
    reason text NOT NULL,
    words text,
    -- What the release was, and when the patient first opened it.
    released_at timestamptz NOT NULL,
    released_by uuid REFERENCES accounts (id),
    opened_at timestamptz,
    provider_comment text,
    PRIMARY KEY (patient_id, at, id)
);
