-- One row per task of a schema.
show tasks in schema blank_schema
