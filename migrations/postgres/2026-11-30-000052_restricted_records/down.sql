DROP TABLE restricted_record_staff;
DROP TABLE restricted_records;
