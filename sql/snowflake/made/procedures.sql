-- One row per procedure of a schema.
show procedures in schema blank_schema
