-- What patients question of their bills (PAY-4), each with the conversation that it opened.
CREATE TABLE disputes (
    payer_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    state text NOT NULL,
    -- A transaction of the ledger, a statement or a payment, as it was when it was questioned.
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    line_kind text,
    amount bigint NOT NULL,
    currency text NOT NULL,
    day date NOT NULL,
    statement_id uuid,
    number text NOT NULL,
    reason text NOT NULL,
    thread_id uuid NOT NULL UNIQUE REFERENCES threads (id),
    opened_by uuid NOT NULL REFERENCES accounts (id),
    opened_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    outcome text,
    answer text NOT NULL,
    closed_by uuid REFERENCES accounts (id),
    closed_at timestamptz,
    PRIMARY KEY (payer_id, id)
);
-- One thing is questioned once at a time.
CREATE UNIQUE INDEX disputes_open ON disputes (payer_id, subject_id) WHERE state = 'open';
CREATE INDEX disputes_queue ON disputes (state, due_at, id);
CREATE INDEX disputes_of ON disputes (payer_id, opened_at, id);
