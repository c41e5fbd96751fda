-- One row per stage of a schema.
show stages in schema blank_schema
