-- Important notices (NOT-1).
CREATE TABLE notices (
    id uuid PRIMARY KEY,
    published_at timestamptz NOT NULL,
    published_by uuid NOT NULL REFERENCES accounts (id),
    updated_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    version bigint NOT NULL,
    severity text NOT NULL,
    must_acknowledge bigint NOT NULL CHECK (must_acknowledge IN (0, 1)),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    -- The window's edges: midnight in the practice's zone as it was known when the notice was written.
    starts_at timestamptz NOT NULL,
    -- The first instant at which it is no longer shown.
    ends_at timestamptz NOT NULL,
    -- portal_domain::audience::Audience.
    audience jsonb NOT NULL,
    -- One portal_domain::notices::NoticeText a language, the practice's own first.
    texts jsonb NOT NULL
);
CREATE INDEX notices_published ON notices (published_at, id);
CREATE INDEX notices_window ON notices (ends_at) WHERE withdrawn_at IS NULL;

-- Who has a notice in the inbox, each patient once, and whether it was confirmed as read.
CREATE TABLE notice_recipients (
    notice_id uuid NOT NULL REFERENCES notices (id),
    patient_id uuid NOT NULL REFERENCES patients (id),
    delivered_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by uuid REFERENCES accounts (id),
    -- The version of the notice that was confirmed.
    acknowledged_version bigint,
    PRIMARY KEY (notice_id, patient_id)
);
CREATE INDEX notice_recipients_patient ON notice_recipients (patient_id, notice_id);
