DROP TABLE ledger_balances;
DROP TABLE ledger_entries;
DROP TABLE ledger_transactions;
DROP TABLE statements;
DROP FUNCTION IF EXISTS ledger_refuse();
