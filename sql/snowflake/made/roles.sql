-- One row per role of the account whose name is like that.
show roles like blank_name
