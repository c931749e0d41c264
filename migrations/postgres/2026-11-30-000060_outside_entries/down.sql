DROP TABLE outside_entries;
