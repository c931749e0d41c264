-- What arrived for a patient: released results and appointment decisions so far.
CREATE TABLE inbox_items (
    patient_id uuid NOT NULL REFERENCES patients (id),
    at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    -- The name of the thing (a test, a location): the page puts the sentence round it.
    title text NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (patient_id, at, id)
);
CREATE INDEX inbox_items_unread ON inbox_items (patient_id) WHERE read_at IS NULL;
