-- One row per privilege that a role was given itself, not by another role.
show grants to role blank_role
