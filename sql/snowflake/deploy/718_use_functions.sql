-- For those who score rows of their own: the functions that models are made into.
grant usage on all functions in schema blank_schema to role blank_role
