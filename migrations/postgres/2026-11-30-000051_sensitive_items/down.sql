DROP TABLE sensitive_items;
