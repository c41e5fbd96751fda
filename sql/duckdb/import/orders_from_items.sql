-- One row per order that the staged lines name, with the reason why it cannot be used, NULL if it can.
-- An order's customer, date, status and total may stand on one of its lines only; its date is the earliest.
-- Values bound: today; the last date that is no typing error.
with parameters as (
    select
        cast(? as date) as today,
        cast(? as date) as last_possible_date
),

lines as (
    select
        *,
        reason is null as is_usable
    from staging.checked_order_items
    where order_id is not null
),

grouped as (
    select
        order_id,
        min(row_number) as row_number,
        min(customer_id) as customer_id,
        min(customer_id) <> max(customer_id) as has_several_customers,
        min(order_status) as order_status,
        max(currency) as currency,
        min(order_date) as order_date,
        max(case when line_total >= 0 then order_date end) as last_order_date,
        bool_or(has_date) as has_date,
        count_if(is_usable) as usable_lines,
        min(reason) as line_reason,
        min(case when meaning not in ('sale', 'refund row') then meaning end) as unsold,
        count_if(meaning in ('sale', 'refund row')) as sold_lines,
        count_if(is_usable and line_total >= 0) as lines_sold,
        max(case when is_usable then order_total end) as order_total,
        max(refunded_amount) as refunded_amount,
        try_cast(sum(case when is_usable then line_total end) as decimal(18, 4)) as sum_of_lines
    from lines
    group by order_id
),

totalled as (
    select
        *,
        in_base_currency(
            case
                when refunded_amount is null or coalesce(order_total, sum_of_lines) < 0 then coalesce(order_total, sum_of_lines)
                else greatest(coalesce(order_total, sum_of_lines) - refunded_amount, 0)
            end,
            currency
        ) as total_amount
    from grouped
),

checked as (
    select
        row_number,
        order_id,
        person_of(customer_id) as customer_id,
        has_several_customers,
        order_status,
        currency,
        order_date,
        last_order_date,
        cast(total_amount as decimal(18, 4)) as total_amount,
        cast(null as decimal(5, 2)) as discount_percent,
        cast(null as decimal(18, 4)) as shipping_cost,
        case
            when unsold is not null and sold_lines = 0 then 'no sale: ' || unsold
            when usable_lines = 0 then line_reason
            when customer_id is null then 'no customer'
            when is_guest(customer_id) then 'guest'
            when is_left_out_currency(currency) then 'other currency'
            when not has_date then 'missing date'
            when order_date is null then 'unreadable date'
            when order_date < date '1900-01-01' then 'date before 1900'
            when cast(order_date as date) > last_possible_date then 'date in the far future'
            when cast(order_date as date) > today then 'later than today'
            when total_amount is null then 'missing amount'
            when abs(total_amount) >= 1000000000000 then 'amount too large'
            when lines_sold = 0 then 'refund'
        end as reason
    from totalled
    cross join parameters
)

select * from checked
