-- One row per integration of the account whose name is like that.
show integrations like blank_name
