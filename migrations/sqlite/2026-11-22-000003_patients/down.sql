DROP TABLE source_links;
DROP TABLE chart_items;
DROP TABLE patients;
