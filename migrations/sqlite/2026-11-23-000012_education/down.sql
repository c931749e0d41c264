DROP TABLE education_assignments;
DROP TABLE education_files;
DROP TABLE education_codes;
DROP TABLE education_versions;
DROP TABLE education_items;
