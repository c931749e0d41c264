-- Balances that are paid in instalments by a kept card (PAY-1).
CREATE TABLE payment_plans (
    payer_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    state text NOT NULL,
    pause text,
    currency text NOT NULL,
    total bigint NOT NULL CHECK (total > 0),
    day bigint NOT NULL,
    -- Whose card pays, and which; that login agreed to it.
    account_id uuid NOT NULL REFERENCES accounts (id),
    method_id uuid NOT NULL,
    agreed_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text NOT NULL,
    PRIMARY KEY (payer_id, id),
    FOREIGN KEY (account_id, method_id) REFERENCES payment_methods (account_id, id)
);
-- One plan at a time.
CREATE UNIQUE INDEX payment_plans_live ON payment_plans (payer_id) WHERE state IN ('running', 'paused');
CREATE INDEX payment_plans_by_state ON payment_plans (state, changed_at, id);
CREATE INDEX payment_plans_by_card ON payment_plans (account_id, method_id);

CREATE TABLE payment_instalments (
    payer_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    number bigint NOT NULL,
    state text NOT NULL,
    due_on date NOT NULL,
    -- What was agreed, in minor units of the plan's currency; never more is taken.
    amount bigint NOT NULL CHECK (amount > 0),
    -- Of the last try. One that pays is a payment, and a transaction of the ledger, with the same id.
    payment_id uuid UNIQUE,
    failure text,
    tries bigint NOT NULL,
    first_tried_on date,
    try_on date NOT NULL,
    reminded_at timestamptz,
    PRIMARY KEY (payer_id, plan_id, number),
    FOREIGN KEY (payer_id, plan_id) REFERENCES payment_plans (payer_id, id)
);
CREATE INDEX payment_instalments_due ON payment_instalments (state, try_on) WHERE state = 'waiting';
