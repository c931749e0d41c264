-- What the portal says of a row with its key (decision 0030); null in rows of versions before this one.
ALTER TABLE audit_entries ADD COLUMN mac bytea;

-- The chain over the rows: each seal holds the ids and MACs of the rows that it adds and the hash of the seal before it.
-- Rows are only ever added; triggers refuse the rest.
CREATE TABLE audit_seals (
    number bigint PRIMARY KEY,
    sealed_at timestamptz NOT NULL,
    -- How many rows are sealed, with this seal's.
    total bigint NOT NULL,
    -- The greatest id among this seal's rows.
    last_id uuid NOT NULL,
    -- Id and MAC, 32 bytes a row.
    entries bytea NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX audit_seals_last ON audit_seals (last_id);
