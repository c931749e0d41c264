-- What a gateway calls a login, where it keeps cards of it.
CREATE TABLE gateway_customers (
    account_id uuid NOT NULL REFERENCES accounts (id),
    gateway text NOT NULL,
    customer text NOT NULL,
    PRIMARY KEY (account_id, gateway)
);

-- Cards that a gateway keeps for a login (PAY-2): a reference and what is shown, never a number.
CREATE TABLE payment_methods (
    account_id uuid NOT NULL REFERENCES accounts (id),
    id uuid NOT NULL UNIQUE,
    state text NOT NULL,
    gateway text NOT NULL,
    -- The payment that it is kept with; null when it is added by itself.
    payment_id uuid UNIQUE,
    -- What the gateway calls the adding; null until it has answered, and where a payment has a reference of its own.
    reference text UNIQUE,
    add_at text,
    -- What the gateway calls the card; null unless it is kept.
    token text,
    brand text NOT NULL,
    last4 text NOT NULL,
    expires_month bigint,
    expires_year bigint,
    begun_at timestamptz NOT NULL,
    kept_at timestamptz,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX payment_methods_open ON payment_methods (state, begun_at) WHERE state IN ('adding', 'removing');

-- The kept card that pays; null where the gateway's page asks for one.
ALTER TABLE payments ADD COLUMN method_id uuid;

-- The sandbox's own wallet: what a card does, and no number.
CREATE TABLE sandbox_cards (
    id uuid NOT NULL PRIMARY KEY,
    customer text NOT NULL,
    card text NOT NULL,
    last4 text NOT NULL,
    expires_month bigint NOT NULL,
    expires_year bigint NOT NULL
);
-- For whom the card is to be kept, and the card that was kept or that pays. A checkout of nothing keeps a card alone.
ALTER TABLE sandbox_checkouts ADD COLUMN keep_for text;
ALTER TABLE sandbox_checkouts ADD COLUMN card_id uuid;
