-- What patients ask the chart to become, and what staff made of it (MED-1). An accepted row keeps what stood there before.
CREATE TABLE proposals (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    origin TEXT NOT NULL,
    about TEXT NOT NULL,
    change TEXT NOT NULL,
    -- A row of chart_items, or the patient for contact data; none until a new entry is accepted.
    item_id BLOB,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    -- The entry by field: as it was seen, as it is proposed.
    seen TEXT NOT NULL,
    fields TEXT NOT NULL,
    -- What of the chart makes it urgent (MED-3).
    conflicts TEXT NOT NULL,
    note TEXT NOT NULL,
    -- None for a feed.
    proposed_by BLOB REFERENCES accounts (id),
    proposed_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    -- The entry by field, before the answer and after it; then the whole row as it was.
    chart TEXT,
    accepted TEXT,
    replaced TEXT,
    reason TEXT,
    words TEXT NOT NULL,
    closed_by BLOB REFERENCES accounts (id),
    closed_at INTEGER,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX proposals_queue ON proposals (state, due_at, id);
CREATE INDEX proposals_of ON proposals (patient_id, proposed_at, id);
-- One proposal at a time about an entry.
CREATE UNIQUE INDEX proposals_pending ON proposals (patient_id, item_id, origin)
    WHERE state = 'pending' AND item_id IS NOT NULL;
