DROP TABLE audit_seals;
DROP FUNCTION IF EXISTS audit_seals_refuse();
ALTER TABLE audit_entries DROP COLUMN mac;
