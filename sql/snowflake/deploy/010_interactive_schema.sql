-- The schema of the serving tables: what is kept up to date from the orders and read by the functions below.
create schema if not exists blank_interactive_schema
