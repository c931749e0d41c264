-- Documents that staff attached to a chart (PHR-6). The bytes of their files lie in the file store.
CREATE TABLE documents (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    created_at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    on_date TEXT NOT NULL,
    text TEXT NOT NULL,
    -- In the file store.
    file_id BLOB,
    file_name TEXT,
    file_size INTEGER,
    -- The patient sees it from here on, until it is withdrawn.
    released_at INTEGER,
    released_by BLOB REFERENCES accounts (id),
    read_at INTEGER,
    withdrawn_at INTEGER,
    withdrawn_by BLOB REFERENCES accounts (id),
    withdrawn_because TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (patient_id, created_at, id)
) STRICT, WITHOUT ROWID;
