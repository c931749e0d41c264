-- Statements of the billing system (PAY-1): what stands on one follows from the transactions that name it.
CREATE TABLE statements (
    payer_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    number TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (payer_id, id),
    UNIQUE (payer_id, number)
) STRICT, WITHOUT ROWID;

-- Transactions of the ledger (PAY-1). Rows are only ever added; triggers refuse the rest.
CREATE TABLE ledger_transactions (
    -- On whose account: the patient's own, or that of who pays for the patient.
    payer_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    -- About whom.
    patient_id BLOB NOT NULL REFERENCES patients (id),
    posted_at INTEGER NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- In minor units of the currency, more than zero; the kind says between which accounts.
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    description TEXT NOT NULL,
    statement_id BLOB,
    -- The billing system's id of the line: sending it again changes nothing.
    source_id TEXT UNIQUE,
    -- The transaction that this one takes back.
    reverses BLOB UNIQUE,
    -- Who posted it; null for the gateway and for the billing system.
    posted_by BLOB,
    PRIMARY KEY (payer_id, id),
    FOREIGN KEY (payer_id, statement_id) REFERENCES statements (payer_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_transactions_of ON ledger_transactions (payer_id, posted_at, id);
CREATE INDEX ledger_transactions_about ON ledger_transactions (patient_id);
CREATE INDEX ledger_transactions_posted ON ledger_transactions (posted_at);

-- What a transaction puts into each account: debits above zero, credits below, together zero. Only ever added, too.
CREATE TABLE ledger_entries (
    payer_id BLOB NOT NULL,
    transaction_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    account TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (payer_id, transaction_id, position),
    FOREIGN KEY (payer_id, transaction_id) REFERENCES ledger_transactions (payer_id, id)
) STRICT, WITHOUT ROWID;

-- What the entries sum to, kept for the list of balances. A test holds it to the entries.
CREATE TABLE ledger_balances (
    payer_id BLOB NOT NULL PRIMARY KEY REFERENCES patients (id),
    receivable INTEGER NOT NULL,
    insurance_pending INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_balances_changed ON ledger_balances (changed_at, payer_id);
