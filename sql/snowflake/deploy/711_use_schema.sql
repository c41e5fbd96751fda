-- For those who only ask: a schema, which alone shows nothing of what is in it.
grant usage on schema blank_schema to role blank_role
