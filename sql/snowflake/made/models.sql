-- One row per model of a schema in the Model Registry.
show models in schema blank_schema
