DROP INDEX refunds_failed;
DROP INDEX refunds_followed;
ALTER TABLE refunds DROP COLUMN failed_at;
ALTER TABLE refunds DROP COLUMN follow_at;
