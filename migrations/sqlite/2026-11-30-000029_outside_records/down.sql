DROP TABLE outside_records;
