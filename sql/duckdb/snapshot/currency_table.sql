-- The currency of all amounts, one row; none if no file named one. An import that adds orders compares theirs with it.
create table raw.currency (currency varchar)
