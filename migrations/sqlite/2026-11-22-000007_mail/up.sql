-- What arrived for a patient: released results and appointment decisions so far.
CREATE TABLE inbox_items (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    -- The name of the thing (a test, a location): the page puts the sentence round it.
    title TEXT NOT NULL,
    read_at INTEGER,
    PRIMARY KEY (patient_id, at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_items_unread ON inbox_items (patient_id) WHERE read_at IS NULL;
