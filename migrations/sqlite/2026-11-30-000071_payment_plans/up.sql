-- Balances that are paid in instalments by a kept card (PAY-1).
CREATE TABLE payment_plans (
    payer_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    pause TEXT,
    currency TEXT NOT NULL,
    total INTEGER NOT NULL CHECK (total > 0),
    day INTEGER NOT NULL,
    -- Whose card pays, and which; that login agreed to it.
    account_id BLOB NOT NULL REFERENCES accounts (id),
    method_id BLOB NOT NULL,
    agreed_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    ended_at INTEGER,
    end_reason TEXT NOT NULL,
    PRIMARY KEY (payer_id, id),
    FOREIGN KEY (account_id, method_id) REFERENCES payment_methods (account_id, id)
) STRICT, WITHOUT ROWID;
-- One plan at a time.
CREATE UNIQUE INDEX payment_plans_live ON payment_plans (payer_id) WHERE state IN ('running', 'paused');
CREATE INDEX payment_plans_by_state ON payment_plans (state, changed_at, id);
CREATE INDEX payment_plans_by_card ON payment_plans (account_id, method_id);

CREATE TABLE payment_instalments (
    payer_id BLOB NOT NULL,
    plan_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    due_on TEXT NOT NULL,
    -- What was agreed, in minor units of the plan's currency; never more is taken.
    amount INTEGER NOT NULL CHECK (amount > 0),
    -- Of the last try. One that pays is a payment, and a transaction of the ledger, with the same id.
    payment_id BLOB UNIQUE,
    failure TEXT,
    tries INTEGER NOT NULL,
    first_tried_on TEXT,
    try_on TEXT NOT NULL,
    reminded_at INTEGER,
    PRIMARY KEY (payer_id, plan_id, number),
    FOREIGN KEY (payer_id, plan_id) REFERENCES payment_plans (payer_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_instalments_due ON payment_instalments (state, try_on) WHERE state = 'waiting';
