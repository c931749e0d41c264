-- A refund that failed stands in the ledger, which only grows: the version before can't read it.
DELETE FROM inbox_items WHERE kind = 'refund_failed';
DROP INDEX refunds_failed;
DROP INDEX refunds_followed;
ALTER TABLE refunds DROP COLUMN failed_at;
ALTER TABLE refunds DROP COLUMN follow_at;
