-- Payments by the gateway, from their begin (PAY-3). A succeeded one is a transaction of the ledger with the same id.
CREATE TABLE payments (
    payer_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    statement_id BLOB,
    gateway TEXT NOT NULL,
    -- What the gateway calls it; null until it has answered.
    reference TEXT UNIQUE,
    pay_at TEXT,
    method TEXT NOT NULL,
    failure TEXT,
    begun_by BLOB NOT NULL REFERENCES accounts (id),
    begun_at INTEGER NOT NULL,
    held_until INTEGER NOT NULL,
    settled_at INTEGER,
    PRIMARY KEY (payer_id, id),
    FOREIGN KEY (payer_id, statement_id) REFERENCES statements (payer_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payments_pending ON payments (state, begun_at) WHERE state = 'pending';

-- Refunds by the gateway (PAY-4). One that is done is a transaction of the ledger with the same id.
CREATE TABLE refunds (
    payer_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    payment_id BLOB NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by BLOB NOT NULL REFERENCES accounts (id),
    asked_at INTEGER NOT NULL,
    done_at INTEGER,
    PRIMARY KEY (payer_id, id),
    FOREIGN KEY (payer_id, payment_id) REFERENCES payments (payer_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX refunds_of ON refunds (payer_id, payment_id);

-- What the practice would give up (PAY-4). An approved one is a transaction of the ledger with the same id.
CREATE TABLE write_offs (
    payer_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by BLOB NOT NULL REFERENCES accounts (id),
    asked_at INTEGER NOT NULL,
    decided_by BLOB REFERENCES accounts (id),
    decided_at INTEGER,
    PRIMARY KEY (payer_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX write_offs_queue ON write_offs (state, asked_at, id);

-- The books of the sandbox gateway, which is no part of the practice's: what its card page was told. No card number.
CREATE TABLE sandbox_checkouts (
    id BLOB NOT NULL PRIMARY KEY,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    method TEXT NOT NULL,
    failure TEXT,
    return_to TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sandbox_refunds (
    id BLOB NOT NULL PRIMARY KEY,
    checkout_id BLOB NOT NULL REFERENCES sandbox_checkouts (id),
    amount INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
