DROP TABLE sandbox_refunds;
DROP TABLE sandbox_checkouts;
DROP TABLE write_offs;
DROP TABLE refunds;
DROP TABLE payments;
