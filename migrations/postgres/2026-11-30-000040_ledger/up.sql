-- Statements of the billing system (PAY-1): what stands on one follows from the transactions that name it.
CREATE TABLE statements (
    payer_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    number text NOT NULL,
    day date NOT NULL,
    PRIMARY KEY (payer_id, id),
    UNIQUE (payer_id, number)
);

-- Transactions of the ledger (PAY-1). Rows are only ever added; triggers refuse the rest.
CREATE TABLE ledger_transactions (
    -- On whose account: the patient's own, or that of who pays for the patient.
    payer_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    -- About whom.
    patient_id uuid NOT NULL REFERENCES patients (id),
    posted_at timestamptz NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    -- In minor units of the currency, more than zero; the kind says between which accounts.
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    description text NOT NULL,
    statement_id uuid,
    -- The billing system's id of the line: sending it again changes nothing.
    source_id text UNIQUE,
    -- The transaction that this one takes back.
    reverses uuid UNIQUE,
    -- Who posted it; null for the gateway and for the billing system.
    posted_by uuid,
    PRIMARY KEY (payer_id, id),
    FOREIGN KEY (payer_id, statement_id) REFERENCES statements (payer_id, id)
);
CREATE INDEX ledger_transactions_of ON ledger_transactions (payer_id, posted_at, id);
CREATE INDEX ledger_transactions_about ON ledger_transactions (patient_id);
CREATE INDEX ledger_transactions_posted ON ledger_transactions (posted_at);

-- What a transaction puts into each account: debits above zero, credits below, together zero. Only ever added, too.
CREATE TABLE ledger_entries (
    payer_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    position bigint NOT NULL,
    account text NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (payer_id, transaction_id, position),
    FOREIGN KEY (payer_id, transaction_id) REFERENCES ledger_transactions (payer_id, id)
);

-- What the entries sum to, kept for the list of balances. A test holds it to the entries.
CREATE TABLE ledger_balances (
    payer_id uuid PRIMARY KEY REFERENCES patients (id),
    receivable bigint NOT NULL,
    insurance_pending bigint NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX ledger_balances_changed ON ledger_balances (changed_at, payer_id);
