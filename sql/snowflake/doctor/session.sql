-- Who is logged in, and which warehouse runs statements: one row.
select
    current_role() as role,
    current_warehouse() as warehouse
