-- One row per function of a schema that somebody made.
show user functions in schema blank_schema
