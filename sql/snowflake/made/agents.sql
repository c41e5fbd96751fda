-- One row per agent of a schema.
show agents in schema blank_schema
