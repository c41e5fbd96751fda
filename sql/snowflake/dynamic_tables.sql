-- One row per dynamic table of a schema: who made it and of what, and the moment whose orders it holds.
show dynamic tables in schema blank_schema
