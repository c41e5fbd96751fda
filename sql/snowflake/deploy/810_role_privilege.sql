-- What a role needs, and no more, on one thing by its name.
grant blank_privileges to role blank_role
