-- The library of education items (EDU-1).
CREATE TABLE education_items (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    published_at timestamptz,
    retired_at timestamptz,
    version bigint NOT NULL,
    -- The number of the published version; 0 while there is none.
    published bigint NOT NULL,
    -- Whether the draft says something else than the published version.
    changed bigint NOT NULL CHECK (changed IN (0, 1)),
    -- Of the published version.
    topic text,
    -- portal_domain::education::EducationContent.
    draft jsonb NOT NULL
);
CREATE INDEX education_items_created ON education_items (created_at, id);
CREATE INDEX education_items_published ON education_items (published_at, id);

-- Every version that was published.
CREATE TABLE education_versions (
    item_id uuid NOT NULL REFERENCES education_items (id),
    number bigint NOT NULL,
    published_at timestamptz NOT NULL,
    published_by uuid NOT NULL REFERENCES accounts (id),
    content jsonb NOT NULL,
    PRIMARY KEY (item_id, number)
);

-- What the published versions explain.
CREATE TABLE education_codes (
    code text NOT NULL,
    system text NOT NULL,
    item_id uuid NOT NULL REFERENCES education_items (id),
    PRIMARY KEY (code, system, item_id)
);
CREATE INDEX education_codes_item ON education_codes (item_id);

-- Files of the items; which version has which stands in its content.
CREATE TABLE education_files (
    id uuid PRIMARY KEY,
    item_id uuid NOT NULL REFERENCES education_items (id),
    created_at timestamptz NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL
);
CREATE INDEX education_files_item ON education_files (item_id);

-- What was assigned to whom, and whether it was opened.
CREATE TABLE education_assignments (
    patient_id uuid NOT NULL REFERENCES patients (id),
    item_id uuid NOT NULL REFERENCES education_items (id),
    assigned_at timestamptz NOT NULL,
    assigned_by uuid NOT NULL REFERENCES accounts (id),
    read_at timestamptz,
    PRIMARY KEY (patient_id, item_id)
);
