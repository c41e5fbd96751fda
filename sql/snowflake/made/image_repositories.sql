-- One row per image repository of a schema.
show image repositories in schema blank_schema
