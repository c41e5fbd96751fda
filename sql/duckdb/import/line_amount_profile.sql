-- One row: how totals, quantities, prices and discounts of the staged lines relate, over the lines of every n-th
-- order. Value bound: n.
with lines as (
    select
        order_id,
        case when quantity is null then 1 else order_items_quantity(order_items_quantity_written(quantity)) end as quantity,
        order_items_unit_price(order_items_unit_price_written(unit_price)) as price,
        abs(order_items_line_discount(order_items_line_discount_written(line_discount))) as discount,
        contains(cast(line_discount as varchar), '%') as has_percent_sign,
        order_items_line_total(order_items_line_total_written(line_total)) as total,
        order_items_order_total(order_items_order_total_written(order_total)) as order_total
    from staging.order_items
    where order_id is not null and hash(order_id) % cast(? as ubigint) = 0
),

-- Doubles are exact enough for comparisons and do not overflow.
amounts as (
    select
        order_id,
        total,
        order_total,
        coalesce(discount, 0) <> 0 as is_discounted,
        has_percent_sign,
        cast(quantity as double) as q,
        cast(price as double) as p,
        cast(coalesce(discount, 0) as double) as d,
        cast(total as double) as t,
        total is not null and quantity is not null and price is not null as is_complete
    from lines
),

matched as (
    select
        *,
        0.011 + 0.0005 * abs(t) as slack,
        is_complete and abs(q) <> 1 as has_pieces
    from amounts
),

line_counts as (
    select
        count(*) as all_lines,
        count(total) as with_total,
        count(p) as with_price,
        count_if(is_complete) as complete,
        count_if(is_complete and abs(t - q * p) <= slack) as is_gross,
        count_if(has_pieces) as with_pieces,
        count_if(has_pieces and abs(t - p) <= slack) as is_one_piece,
        count_if(is_discounted) as discounted,
        count_if(is_discounted and has_percent_sign) as with_percent_sign,
        count_if(is_discounted and is_complete) as discounted_complete,
        count_if(is_discounted and is_complete and abs(t - q * p) <= slack) as discounted_gross,
        count_if(is_discounted and is_complete and abs(t - q * p * (1 - d)) <= slack) as discounted_share,
        count_if(is_discounted and is_complete and abs(t - q * p * (1 - d / 100)) <= slack) as discounted_percent,
        count_if(is_discounted and is_complete and abs(t - (q * p - sign(q) * d)) <= slack) as discounted_amount,
        count_if(is_discounted and is_complete and abs(t - q * (p - d)) <= slack) as discounted_piece,
        coalesce(max(d), 0) as greatest_discount,
        count_if(is_discounted and d <> floor(d)) as fractional_discounts,
        count_if(is_discounted and d > abs(q * p)) as discounts_above_price
    from matched
),

orders as (
    select
        order_id,
        count(*) as line_count,
        count(total) as totals,
        min(total) as least_total,
        max(total) as greatest_total
    from amounts
    group by order_id
),

order_counts as (
    select
        count_if(line_count > 1 and totals > 0) as orders_of_lines,
        count_if(line_count > 1 and totals = line_count and least_total = greatest_total) as repeated_totals,
        count_if(line_count > 1 and totals = 1) as single_totals,
        count(distinct greatest_total) as different_totals
    from orders
)

select * from line_counts
cross join order_counts
