-- For those who only ask: the tables that are kept up to date.
grant select on all dynamic tables in schema blank_schema to role blank_role
