-- Documents that staff attached to a chart (PHR-6). The bytes of their files lie in the file store.
CREATE TABLE documents (
    patient_id uuid NOT NULL REFERENCES patients (id),
    created_at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    created_by uuid NOT NULL REFERENCES accounts (id),
    title text NOT NULL,
    kind text NOT NULL,
    on_date date NOT NULL,
    text text NOT NULL,
    -- In the file store.
    file_id uuid,
    file_name text,
    file_size bigint,
    -- The patient sees it from here on, until it is withdrawn.
    released_at timestamptz,
    released_by uuid REFERENCES accounts (id),
    read_at timestamptz,
    withdrawn_at timestamptz,
    withdrawn_by uuid REFERENCES accounts (id),
    withdrawn_because text,
    version bigint NOT NULL,
    PRIMARY KEY (patient_id, created_at, id)
);
