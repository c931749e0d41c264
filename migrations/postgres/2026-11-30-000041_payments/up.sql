-- Payments by the gateway, from their begin (PAY-3). A succeeded one is a transaction of the ledger with the same id.
CREATE TABLE payments (
    payer_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    state text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    statement_id uuid,
    gateway text NOT NULL,
    -- What the gateway calls it; null until it has answered.
    reference text UNIQUE,
    pay_at text,
    method text NOT NULL,
    failure text,
    begun_by uuid NOT NULL REFERENCES accounts (id),
    begun_at timestamptz NOT NULL,
    held_until timestamptz NOT NULL,
    settled_at timestamptz,
    PRIMARY KEY (payer_id, id),
    FOREIGN KEY (payer_id, statement_id) REFERENCES statements (payer_id, id)
);
CREATE INDEX payments_pending ON payments (state, begun_at) WHERE state = 'pending';

-- Refunds by the gateway (PAY-4). One that is done is a transaction of the ledger with the same id.
CREATE TABLE refunds (
    payer_id uuid NOT NULL,
    id uuid NOT NULL UNIQUE,
    payment_id uuid NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    reason text NOT NULL,
    asked_by uuid NOT NULL REFERENCES accounts (id),
    asked_at timestamptz NOT NULL,
    done_at timestamptz,
    PRIMARY KEY (payer_id, id),
    FOREIGN KEY (payer_id, payment_id) REFERENCES payments (payer_id, id)
);
CREATE INDEX refunds_of ON refunds (payer_id, payment_id);

-- What the practice would give up (PAY-4). An approved one is a transaction of the ledger with the same id.
CREATE TABLE write_offs (
    payer_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    state text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    reason text NOT NULL,
    asked_by uuid NOT NULL REFERENCES accounts (id),
    asked_at timestamptz NOT NULL,
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    PRIMARY KEY (payer_id, id)
);
CREATE INDEX write_offs_queue ON write_offs (state, asked_at, id);

-- The books of the sandbox gateway, which is no part of the practice's: what its card page was told. No card number.
CREATE TABLE sandbox_checkouts (
    id uuid NOT NULL PRIMARY KEY,
    amount bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    method text NOT NULL,
    failure text,
    return_to text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE TABLE sandbox_refunds (
    id uuid NOT NULL PRIMARY KEY,
    checkout_id uuid NOT NULL REFERENCES sandbox_checkouts (id),
    amount bigint NOT NULL
);
