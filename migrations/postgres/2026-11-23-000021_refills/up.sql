-- Requests for refills and renewals (MED-2).
CREATE TABLE medication_requests (
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    -- Follows from its items; kept for the queue.
    state text NOT NULL,
    pharmacy text NOT NULL,
    note text NOT NULL,
    requested_by uuid NOT NULL REFERENCES accounts (id),
    requested_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    version bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX medication_requests_queue ON medication_requests (state, requested_at, id);
CREATE INDEX medication_requests_of ON medication_requests (patient_id, requested_at, id);

-- What is asked for, drug by drug.
CREATE TABLE medication_request_items (
    patient_id uuid NOT NULL,
    request_id uuid NOT NULL,
    position bigint NOT NULL,
    id uuid NOT NULL UNIQUE,
    -- A row of chart_items.
    medication_id uuid NOT NULL,
    -- What it was called when the patient asked.
    drug text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    reason text,
    words text NOT NULL,
    closed_by uuid REFERENCES accounts (id),
    closed_at timestamptz,
    PRIMARY KEY (patient_id, request_id, position),
    FOREIGN KEY (patient_id, request_id) REFERENCES medication_requests (patient_id, id)
);
-- One request at a time for a drug.
CREATE UNIQUE INDEX medication_request_items_waiting ON medication_request_items (patient_id, medication_id)
    WHERE state = 'waiting';

-- What staff wrote with their answers.
CREATE TABLE medication_request_answers (
    patient_id uuid NOT NULL,
    request_id uuid NOT NULL,
    position bigint NOT NULL,
    message text NOT NULL,
    answered_by uuid NOT NULL REFERENCES accounts (id),
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (patient_id, request_id, position),
    FOREIGN KEY (patient_id, request_id) REFERENCES medication_requests (patient_id, id)
);
