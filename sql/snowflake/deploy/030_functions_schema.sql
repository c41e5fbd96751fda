-- The schema of the functions that models are made into. Nothing else is in it, so that it can go as a whole.
create schema if not exists blank_functions_schema
