-- Candidates with what came after them: one row per chosen customer and candidate product, as in all_candidates.
-- Values: how many pairs of 65536 are drawn, the orders of a customer of whom so many are drawn, how many of 65536 are
-- listed, whether to return all rows (1) or only those kept.
-- Reads the relations all_candidates as of a day and later_purchases after it, which the caller puts before it, and
-- serving tables as of that day.
-- is_purchased = the customer ordered the product later.
-- stands_for = how many pairs a row of the sample that probabilities are learnt from stands for; 0 outside the sample. The
-- sample is all pairs bought, and of the others those whose MD5 is low enough, the same ones every time: of customers with
-- more orders more of them, in proportion, since there are few such customers and what they buy decides most.
-- is_kept = a row to learn from: those, and of customers who bought something the pairs that are listed.
with parameters as (
    select
        cast(? as integer) as drawn,
        cast(? as double) as usual_orders,
        cast(? as integer) as listed,
        cast(? as integer) as return_all
),

customers as (
    select recommendation_customers.*
    from interactive.recommendation_customers as recommendation_customers
    inner join chosen_customers
        on recommendation_customers.customer_id = chosen_customers.customer_id
),

recommendation_products as (
    select
        *,
        cast(all_time_rank as integer) as product_number
    from interactive.recommendation_products
),

customer_draws as (
    select
        customers.customer_id,
        least(
            65536.0,
            parameters.drawn * greatest(1.0, customers.total_past_orders / parameters.usual_orders)
        ) as drawn,
        parameters.listed
    from customers
    cross join parameters
),

later_buyers as (
    select distinct customer_id from later_purchases
),

hashed_pairs as (
    -- What is wide is left out until few rows are left.
    select
        all_candidates.customer_id,
        all_candidates.product_id,
        all_candidates.product_number,
        all_candidates.total_orders,
        all_candidates.total_quantity,
        all_candidates.first_age,
        all_candidates.last_age,
        all_candidates.category_orders,
        all_candidates.category_age,
        all_candidates.category_products,
        all_candidates.affinity,
        all_candidates.recent_affinity,
        all_candidates.strongest_affinity,
        all_candidates.last_order_affinity,
        all_candidates.distinct_affinity,
        all_candidates.recent_distinct_affinity,
        substr(
            md5(
                cast(all_candidates.customer_id as varchar)
                || '|' || cast(all_candidates.product_id as varchar)
            ),
            1, 4
        ) as hex_digits
    from all_candidates
),

labelled_pairs as (
    select
        hashed_pairs.*,
        customer_draws.drawn,
        customer_draws.listed,
        case when later_purchases.customer_id is null then 0 else 1 end as is_purchased,
        case when later_buyers.customer_id is null then 0 else 1 end as is_of_buyer,
        -- The number that the digits write.
        4096 * (position(substr(hashed_pairs.hex_digits, 1, 1) in '0123456789abcdef') - 1)
        + 256 * (position(substr(hashed_pairs.hex_digits, 2, 1) in '0123456789abcdef') - 1)
        + 16 * (position(substr(hashed_pairs.hex_digits, 3, 1) in '0123456789abcdef') - 1)
        + position(substr(hashed_pairs.hex_digits, 4, 1) in '0123456789abcdef') - 1 as draw_number
    from hashed_pairs
    inner join customer_draws
        on hashed_pairs.customer_id = customer_draws.customer_id
    left join later_purchases
        on hashed_pairs.customer_id = later_purchases.customer_id
        and hashed_pairs.product_id = later_purchases.product_id
    left join later_buyers
        on hashed_pairs.customer_id = later_buyers.customer_id
),

labelled_candidates as (
    select
        labelled_pairs.*,
        case
            when labelled_pairs.is_purchased = 1 then 1.0
            when labelled_pairs.draw_number < labelled_pairs.drawn then 65536.0 / labelled_pairs.drawn
            else 0.0
        end as stands_for,
        case
            when labelled_pairs.is_purchased = 1 then 1
            when labelled_pairs.draw_number < labelled_pairs.drawn then 1
            when labelled_pairs.is_of_buyer = 1 and labelled_pairs.draw_number < labelled_pairs.listed then 1
            else 0
        end as is_kept
    from labelled_pairs
)

select
    customers.*,
    recommendation_products.*,
    labelled_candidates.total_orders,
    labelled_candidates.total_quantity,
    labelled_candidates.first_age,
    labelled_candidates.last_age,
    labelled_candidates.category_orders,
    labelled_candidates.category_age,
    labelled_candidates.category_products,
    labelled_candidates.affinity,
    labelled_candidates.recent_affinity,
    labelled_candidates.strongest_affinity,
    labelled_candidates.last_order_affinity,
    labelled_candidates.distinct_affinity,
    labelled_candidates.recent_distinct_affinity,
    labelled_candidates.is_purchased,
    labelled_candidates.stands_for,
    labelled_candidates.is_kept
from labelled_candidates
cross join parameters
inner join customers
    on labelled_candidates.customer_id = customers.customer_id
inner join recommendation_products
    on labelled_candidates.product_number = recommendation_products.product_number
where labelled_candidates.is_kept = 1
    or parameters.return_all = 1
