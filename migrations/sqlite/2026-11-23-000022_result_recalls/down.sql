DROP TABLE result_recalls;
