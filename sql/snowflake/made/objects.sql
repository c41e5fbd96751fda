-- One row per table or view of a schema, dynamic and interactive tables among them.
show objects in schema blank_schema
