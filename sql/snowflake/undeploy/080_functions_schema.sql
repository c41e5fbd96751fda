drop schema if exists blank_functions_schema
