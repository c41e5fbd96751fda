-- One row per service of a schema that runs in containers.
show services in schema blank_schema
