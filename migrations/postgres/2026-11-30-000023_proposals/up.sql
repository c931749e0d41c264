-- What patients ask the chart to become, and what staff made of it (MED-1). An accepted row keeps what stood there before.
CREATE TABLE proposals (
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    origin text NOT NULL,
    about text NOT NULL,
    change text NOT NULL,
    -- A row of chart_items, or the patient for contact data; none until a new entry is accepted.
    item_id uuid,
    name text NOT NULL,
    state text NOT NULL,
    -- The entry by field: as it was seen, as it is proposed.
    seen jsonb NOT NULL,
    fields jsonb NOT NULL,
    -- What of the chart makes it urgent (MED-3).
    conflicts jsonb NOT NULL,
    note text NOT NULL,
    -- None for a feed.
    proposed_by uuid REFERENCES accounts (id),
    proposed_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    -- The entry by field, before the answer and after it; then the whole row as it was.
    chart jsonb,
    accepted jsonb,
    replaced jsonb,
    reason text,
    words text NOT NULL,
    closed_by uuid REFERENCES accounts (id),
    closed_at timestamptz,
    version bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX proposals_queue ON proposals (state, due_at, id);
CREATE INDEX proposals_of ON proposals (patient_id, proposed_at, id);
-- One proposal at a time about an entry.
CREATE UNIQUE INDEX proposals_pending ON proposals (patient_id, item_id, origin)
    WHERE state = 'pending' AND item_id IS NOT NULL;
