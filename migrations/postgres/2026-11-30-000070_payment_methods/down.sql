ALTER TABLE sandbox_checkouts DROP COLUMN card_id;
ALTER TABLE sandbox_checkouts DROP COLUMN keep_for;
DROP TABLE sandbox_cards;
ALTER TABLE payments DROP COLUMN method_id;
DROP TABLE payment_methods;
DROP TABLE gateway_customers;
