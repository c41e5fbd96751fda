-- One row per order of which the files hold a usable line.
with with_lines as (
    select distinct order_id
    from staging.used_order_items
)

select * from with_lines
