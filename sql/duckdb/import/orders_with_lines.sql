-- One row per order of which the files hold a usable line.
with with_lines as (
    select distinct order_id
    from staging.resolved_order_items
    where reason is null
)

select * from with_lines
