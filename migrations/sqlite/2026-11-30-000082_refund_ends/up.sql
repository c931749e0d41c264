-- When the gateway is asked again what became of a refund that it accepted; null once that is known.
ALTER TABLE refunds ADD COLUMN follow_at INTEGER;
-- When it turned out that the money did not arrive: another transaction of the ledger turns it around.
ALTER TABLE refunds ADD COLUMN failed_at INTEGER;
CREATE INDEX refunds_followed ON refunds (follow_at, id) WHERE follow_at IS NOT NULL;
CREATE INDEX refunds_failed ON refunds (failed_at, id) WHERE failed_at IS NOT NULL;
