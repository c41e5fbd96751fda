-- A role for one kind of work. An administrator makes it, and grants it to those who do that work.
create role if not exists blank_role
comment = blank_purpose
