-- One row per staged customer, typed, with the reason why it cannot be used, NULL if it can.
with staged as (
    select
        row_number,
        person_of(customer_id_of(customer_id)) as customer_id,
        customers_first_name_text(first_name, 200) as first_name,
        customers_last_name_text(last_name, 200) as last_name,
        customers_email_text(email, 200) as email,
        customers_phone_text(phone, 50) as phone,
        customers_address_text(address, 200) as address,
        customers_city_text(city, 200) as city,
        customers_state_text(state, 200) as state,
        customers_zip_code_text(zip_code, 50) as zip_code,
        cast(customers_registration_date(customers_registration_date_written(registration_date)) as date) as registration_date,
        customers_customer_segment_text(customer_segment, 200) as customer_segment
    from staging.customers
),

-- Rows of one id stand in an order of their content, so that the same row is kept whatever the order of the file.
numbered as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by
                first_name nulls last, last_name nulls last, email nulls last, phone nulls last,
                address nulls last, city nulls last, state nulls last, zip_code nulls last,
                registration_date nulls last, customer_segment nulls last, row_number
        ) as occurrence
    from staged
),

compared as (
    select
        *,
        concat_ws(
            chr(31), coalesce(first_name, ''), coalesce(last_name, ''), coalesce(email, ''), coalesce(phone, ''),
            coalesce(address, ''), coalesce(city, ''), coalesce(state, ''), coalesce(zip_code, ''),
            coalesce(cast(registration_date as varchar), ''), coalesce(customer_segment, '')
        ) as content
    from numbered
),

checked as (
    select
        * exclude (content, occurrence),
        occurrence > 1
        and (
            getvariable('has_persons')
            or content = min(case when occurrence = 1 then content end) over (partition by customer_id)
        ) as is_repeated,
        case
            when customer_id is null then 'missing customer id'
            when length(customer_id) > 256 then 'id longer than 256 characters'
            when
                occurrence > 1
                and not getvariable('has_persons')
                and content <> min(case when occurrence = 1 then content end) over (partition by customer_id)
                then 'repeated customer id with other content'
        end as reason
    from compared
)

select * from checked
