-- Important notices (NOT-1).
CREATE TABLE notices (
    id BLOB PRIMARY KEY,
    published_at INTEGER NOT NULL,
    published_by BLOB NOT NULL REFERENCES accounts (id),
    updated_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    version INTEGER NOT NULL,
    severity TEXT NOT NULL,
    must_acknowledge INTEGER NOT NULL CHECK (must_acknowledge IN (0, 1)),
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    -- The window's edges: midnight in the practice's zone as it was known when the notice was written.
    starts_at INTEGER NOT NULL,
    -- The first instant at which it is no longer shown.
    ends_at INTEGER NOT NULL,
    -- portal_domain::audience::Audience.
    audience TEXT NOT NULL,
    -- One portal_domain::notices::NoticeText a language, the practice's own first.
    texts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_published ON notices (published_at, id);
CREATE INDEX notices_window ON notices (ends_at) WHERE withdrawn_at IS NULL;

-- Who has a notice in the inbox, each patient once, and whether it was confirmed as read.
CREATE TABLE notice_recipients (
    notice_id BLOB NOT NULL REFERENCES notices (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    delivered_at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by BLOB REFERENCES accounts (id),
    -- The version of the notice that was confirmed.
    acknowledged_version INTEGER,
    PRIMARY KEY (notice_id, patient_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_recipients_patient ON notice_recipients (patient_id, notice_id);
