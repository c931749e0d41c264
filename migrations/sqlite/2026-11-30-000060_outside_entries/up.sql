-- What staff decided about single entries of records from elsewhere. An accepted row is the origin of an entry of the chart
-- and outlives the record, which its patient may remove.
CREATE TABLE outside_entries (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    outside_record_id BLOB NOT NULL,
    -- Its place in the record's file.
    entry TEXT NOT NULL,
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    -- A row of chart_items while it is accepted.
    item_id BLOB,
    reason TEXT,
    words TEXT NOT NULL,
    -- What the record said of itself.
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    made_on TEXT,
    decided_by BLOB NOT NULL REFERENCES accounts (id),
    decided_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (patient_id, outside_record_id, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX outside_entries_accepted ON outside_entries (patient_id, state, decided_at, id);
