-- What the portal says of a row with its key (decision 0030); null in rows of versions before this one.
ALTER TABLE audit_entries ADD COLUMN mac BLOB;

-- The chain over the rows: each seal holds the ids and MACs of the rows that it adds and the hash of the seal before it.
-- Rows are only ever added; triggers refuse the rest.
CREATE TABLE audit_seals (
    number INTEGER NOT NULL PRIMARY KEY,
    sealed_at INTEGER NOT NULL,
    -- How many rows are sealed, with this seal's.
    total INTEGER NOT NULL,
    -- The greatest id among this seal's rows.
    last_id BLOB NOT NULL,
    -- Id and MAC, 32 bytes a row.
    entries BLOB NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_seals_last ON audit_seals (last_id);
