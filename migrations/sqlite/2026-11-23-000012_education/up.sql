-- The library of education items (EDU-1).
CREATE TABLE education_items (
    id BLOB PRIMARY KEY,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    published_at INTEGER,
    retired_at INTEGER,
    version INTEGER NOT NULL,
    -- The number of the published version; 0 while there is none.
    published INTEGER NOT NULL,
    -- Whether the draft says something else than the published version.
    changed INTEGER NOT NULL CHECK (changed IN (0, 1)),
    -- Of the published version.
    topic TEXT,
    -- portal_domain::education::EducationContent.
    draft TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX education_items_created ON education_items (created_at, id);
CREATE INDEX education_items_published ON education_items (published_at, id);

-- Every version that was published.
CREATE TABLE education_versions (
    item_id BLOB NOT NULL REFERENCES education_items (id),
    number INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    published_by BLOB NOT NULL REFERENCES accounts (id),
    content TEXT NOT NULL,
    PRIMARY KEY (item_id, number)
) STRICT, WITHOUT ROWID;

-- What the published versions explain.
CREATE TABLE education_codes (
    code TEXT NOT NULL,
    system TEXT NOT NULL,
    item_id BLOB NOT NULL REFERENCES education_items (id),
    PRIMARY KEY (code, system, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX education_codes_item ON education_codes (item_id);

-- Files of the items; which version has which stands in its content.
CREATE TABLE education_files (
    id BLOB PRIMARY KEY,
    item_id BLOB NOT NULL REFERENCES education_items (id),
    created_at INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX education_files_item ON education_files (item_id);

-- What was assigned to whom, and whether it was opened.
CREATE TABLE education_assignments (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    item_id BLOB NOT NULL REFERENCES education_items (id),
    assigned_at INTEGER NOT NULL,
    assigned_by BLOB NOT NULL REFERENCES accounts (id),
    read_at INTEGER,
    PRIMARY KEY (patient_id, item_id)
) STRICT, WITHOUT ROWID;
