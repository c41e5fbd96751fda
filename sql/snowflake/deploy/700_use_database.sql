-- For those who only ask: the database that all of it is in. What is made anew loses its grants, so these come with
-- every deployment.
grant usage on database blank_database to role blank_role
