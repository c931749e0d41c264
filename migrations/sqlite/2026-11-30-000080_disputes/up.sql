-- What patients question of their bills (PAY-4), each with the conversation that it opened.
CREATE TABLE disputes (
    payer_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    -- A transaction of the ledger, a statement or a payment, as it was when it was questioned.
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    line_kind TEXT,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    day TEXT NOT NULL,
    statement_id BLOB,
    number TEXT NOT NULL,
    reason TEXT NOT NULL,
    thread_id BLOB NOT NULL UNIQUE REFERENCES threads (id),
    opened_by BLOB NOT NULL REFERENCES accounts (id),
    opened_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    outcome TEXT,
    answer TEXT NOT NULL,
    closed_by BLOB REFERENCES accounts (id),
    closed_at INTEGER,
    PRIMARY KEY (payer_id, id)
) STRICT, WITHOUT ROWID;
-- One thing is questioned once at a time.
CREATE UNIQUE INDEX disputes_open ON disputes (payer_id, subject_id) WHERE state = 'open';
CREATE INDEX disputes_queue ON disputes (state, due_at, id);
CREATE INDEX disputes_of ON disputes (payer_id, opened_at, id);
