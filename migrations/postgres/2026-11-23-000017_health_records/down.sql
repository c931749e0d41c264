ALTER TABLE practices DROP COLUMN health_records;
DROP TABLE health_records;
