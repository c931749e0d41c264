DROP TABLE cohort_recipients;
DROP TABLE cohort_messages;
