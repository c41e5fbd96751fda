-- One row per warehouse of the account whose name is like that.
show warehouses like blank_name
