-- One row per compute pool of the account whose name is like that.
show compute pools like blank_name
