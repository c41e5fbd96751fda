-- For those who only ask: versions, their figures, and the probabilities that were written back.
grant select on all tables in schema blank_schema to role blank_role
