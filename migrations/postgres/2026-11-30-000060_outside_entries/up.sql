-- What staff decided about single entries of records from elsewhere. An accepted row is the origin of an entry of the chart
-- and outlives the record, which its patient may remove.
CREATE TABLE outside_entries (
    patient_id uuid NOT NULL REFERENCES patients (id),
    outside_record_id uuid NOT NULL,
    -- Its place in the record's file.
    entry text NOT NULL,
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    -- A row of chart_items while it is accepted.
    item_id uuid,
    reason text,
    words text NOT NULL,
    -- What the record said of itself.
    source text NOT NULL,
    title text NOT NULL,
    made_on date,
    decided_by uuid NOT NULL REFERENCES accounts (id),
    decided_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (patient_id, outside_record_id, entry)
);
CREATE INDEX outside_entries_accepted ON outside_entries (patient_id, state, decided_at, id);
