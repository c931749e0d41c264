-- Requests for refills and renewals (MED-2).
CREATE TABLE medication_requests (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    -- Follows from its items; kept for the queue.
    state TEXT NOT NULL,
    pharmacy TEXT NOT NULL,
    note TEXT NOT NULL,
    requested_by BLOB NOT NULL REFERENCES accounts (id),
    requested_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX medication_requests_queue ON medication_requests (state, requested_at, id);
CREATE INDEX medication_requests_of ON medication_requests (patient_id, requested_at, id);

-- What is asked for, drug by drug.
CREATE TABLE medication_request_items (
    patient_id BLOB NOT NULL,
    request_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    -- A row of chart_items.
    medication_id BLOB NOT NULL,
    -- What it was called when the patient asked.
    drug TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    words TEXT NOT NULL,
    closed_by BLOB REFERENCES accounts (id),
    closed_at INTEGER,
    PRIMARY KEY (patient_id, request_id, position),
    FOREIGN KEY (patient_id, request_id) REFERENCES medication_requests (patient_id, id)
) STRICT, WITHOUT ROWID;
-- One request at a time for a drug.
CREATE UNIQUE INDEX medication_request_items_waiting ON medication_request_items (patient_id, medication_id)
    WHERE state = 'waiting';

-- What staff wrote with their answers.
CREATE TABLE medication_request_answers (
    patient_id BLOB NOT NULL,
    request_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    message TEXT NOT NULL,
    answered_by BLOB NOT NULL REFERENCES accounts (id),
    answered_at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, request_id, position),
    FOREIGN KEY (patient_id, request_id) REFERENCES medication_requests (patient_id, id)
) STRICT, WITHOUT ROWID;
