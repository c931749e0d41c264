DROP TABLE organizations;
DROP TABLE providers;
DROP TABLE locations;
DROP TABLE practices;
