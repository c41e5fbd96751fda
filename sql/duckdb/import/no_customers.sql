-- No row, with the columns of sql/duckdb/import/customers.sql: without a file of customers there is nothing to check.
select
    cast(null as bigint) as row_number,
    cast(null as varchar) as customer_id,
    cast(null as varchar) as first_name,
    cast(null as varchar) as last_name,
    cast(null as varchar) as email,
    cast(null as varchar) as phone,
    cast(null as varchar) as address,
    cast(null as varchar) as city,
    cast(null as varchar) as state,
    cast(null as varchar) as zip_code,
    cast(null as date) as registration_date,
    cast(null as varchar) as customer_segment,
    cast(null as boolean) as is_repeated,
    cast(null as varchar) as reason
where false
