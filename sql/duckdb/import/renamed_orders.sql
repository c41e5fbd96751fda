-- One row per order whose id changes because its number is used by orders of the files and by orders that stay.
with renamed_orders as (
    select distinct
        met.is_in_files,
        met.id_so_far as order_id,
        renamed_rows.new_order_id
    from staging.reused_rows as met
    inner join staging.renamed_rows on renamed_rows.row_number = met.row_number
    where renamed_rows.new_order_id <> met.id_so_far
)

select * from renamed_orders
