-- What a gateway calls a login, where it keeps cards of it.
CREATE TABLE gateway_customers (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    gateway TEXT NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (account_id, gateway)
) STRICT, WITHOUT ROWID;

-- Cards that a gateway keeps for a login (PAY-2): a reference and what is shown, never a number.
CREATE TABLE payment_methods (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    id BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    gateway TEXT NOT NULL,
    -- The payment that it is kept with; null when it is added by itself.
    payment_id BLOB UNIQUE,
    -- What the gateway calls the adding; null until it has answered, and where a payment has a reference of its own.
    reference TEXT UNIQUE,
    add_at TEXT,
    -- What the gateway calls the card; null unless it is kept.
    token TEXT,
    brand TEXT NOT NULL,
    last4 TEXT NOT NULL,
    expires_month INTEGER,
    expires_year INTEGER,
    begun_at INTEGER NOT NULL,
    kept_at INTEGER,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_methods_open ON payment_methods (state, begun_at) WHERE state IN ('adding', 'removing');

-- The kept card that pays; null where the gateway's page asks for one.
ALTER TABLE payments ADD COLUMN method_id BLOB;

-- The sandbox's own wallet: what a card does, and no number.
CREATE TABLE sandbox_cards (
    id BLOB NOT NULL PRIMARY KEY,
    customer TEXT NOT NULL,
    card TEXT NOT NULL,
    last4 TEXT NOT NULL,
    expires_month INTEGER NOT NULL,
    expires_year INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- For whom the card is to be kept, and the card that was kept or that pays. A checkout of nothing keeps a card alone.
ALTER TABLE sandbox_checkouts ADD COLUMN keep_for TEXT;
ALTER TABLE sandbox_checkouts ADD COLUMN card_id BLOB;
