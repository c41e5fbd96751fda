-- Churn features as of a day: one row per customer with an order on or before it, by customer_id.
-- Values: the as-of date. No data after it is used.
-- Amounts are summed as decimals and days as integers, and cast to double last: sums of doubles would depend on
-- the order in which threads add them up.
with parameters as (
    select cast(? as date) as as_of_date
),

orders as (
    select * from raw.orders
),

purchased_pairs as (
    select * from interactive.purchased_pairs
),

product_statistics as (
    select * from interactive.product_statistics
),

-- The same for every day: up to `numbered_days`, the as-of date only says which orders count. Trainings compute this part once.
order_days as (
    -- One row per customer and day with orders.
    select
        orders.customer_id,
        cast(orders.order_date as date) as order_day,
        count(*) as orders_on_day,
        sum(cast(orders.total_amount as decimal(38, 4))) as spent_on_day,
        count(orders.discount_percent) as discounts_on_day,
        sum(orders.discount_percent) as discount_percents_on_day,
        sum(case when lower(orders.order_status) like '%return%' or lower(orders.order_status) like '%refund%' then 1 else 0 end)
            as returns_on_day
    from orders
    cross join parameters
    where cast(orders.order_date as date) <= parameters.as_of_date
    group by orders.customer_id, cast(orders.order_date as date)
),

numbered_days as (
    -- The gap is the number of days since the customer's previous day with orders; none on the first. Neither depends on later
    -- days. Both windows have the same order, so that the days are sorted once.
    select
        order_days.*,
        row_number() over (partition by order_days.customer_id order by order_days.order_day) as day_number,
        datediff(
            'day',
            lag(order_days.order_day) over (
                partition by order_days.customer_id order by order_days.order_day
            ),
            order_days.order_day
        ) as gap_days
    from order_days
),

-- From here on, each as-of date has its own.
last_days as (
    select
        customer_id,
        max(day_number) as last_day_number,
        max(order_day) as last_order_day
    from numbered_days
    group by customer_id
),

order_days_with_gaps as (
    select
        numbered_days.*,
        datediff('day', numbered_days.order_day, parameters.as_of_date) as age_of_day,
        last_days.last_day_number - numbered_days.day_number as later_days,
        datediff('day', last_days.last_order_day, parameters.as_of_date) as silent_days
    from numbered_days
    inner join last_days
        on numbered_days.customer_id = last_days.customer_id
    cross join parameters
),

weighted_gaps as (
    -- A gap weighs four fifths of the one after it. Weights are whole numbers, so that their sums do not depend on order.
    select
        order_days_with_gaps.*,
        cast(round(1000000 * power(0.8, later_days)) as bigint) as gap_weight
    from order_days_with_gaps
),

customer_sums as (
    select
        customer_id,
        min(order_day) as first_order_day,
        max(order_day) as last_order_day,
        cast(sum(orders_on_day) as double) as total_orders,
        cast(sum(spent_on_day) as double) as total_spent,
        cast(count(*) as double) as active_days,
        cast(max(age_of_day) as double) as days_since_first_order,
        cast(min(age_of_day) as double) as days_since_last_order,
        cast(max(age_of_day) - min(age_of_day) as double) as customer_tenure_days,
        cast(count(gap_days) as double) as gaps,
        cast(sum(gap_days) as double) as sum_of_gaps,
        cast(sum(gap_days * gap_days) as double) as sum_of_squared_gaps,
        cast(max(gap_days) as double) as longest_gap_days,
        cast(max(case when later_days = 0 then gap_days end) as double) as last_gap_days,
        cast(sum(gap_weight * gap_days) as double)
            / nullif(cast(sum(case when gap_days is not null then gap_weight end) as double), 0) as recent_gap_days,
        cast(sum(case when gap_days > silent_days then 1 else 0 end) as double) as longer_gaps,
        cast(sum(case when age_of_day < 30 then orders_on_day else 0 end) as double) as orders_last_30_days,
        cast(sum(case when age_of_day < 90 then orders_on_day else 0 end) as double) as orders_last_90_days,
        cast(sum(case when age_of_day < 180 then orders_on_day else 0 end) as double)
            as orders_last_180_days,
        cast(sum(case when age_of_day < 365 then orders_on_day else 0 end) as double)
            as orders_last_365_days,
        cast(sum(case when age_of_day < 30 then spent_on_day else 0 end) as double) as spent_last_30_days,
        cast(sum(case when age_of_day < 90 then spent_on_day else 0 end) as double) as spent_last_90_days,
        cast(sum(case when age_of_day < 180 then spent_on_day else 0 end) as double)
            as spent_last_180_days,
        cast(sum(case when age_of_day < 365 then spent_on_day else 0 end) as double)
            as spent_last_365_days,
        cast(sum(case when age_of_day >= 275 and age_of_day < 365 then orders_on_day else 0 end) as double)
            as orders_same_season_last_year,
        cast(sum(discounts_on_day) as double) as discounts,
        cast(sum(discount_percents_on_day) as double) as discount_percents,
        cast(sum(returns_on_day) as double) as returned_orders
    from weighted_gaps
    group by customer_id
),

customer_products as (
    -- A pair's first order tells whether the customer had bought the product by the as-of date.
    select
        purchased_pairs.customer_id,
        cast(count(*) as double) as distinct_products,
        cast(count(distinct product_statistics.product_category) as double) as distinct_categories
    from purchased_pairs
    cross join parameters
    left join product_statistics
        on purchased_pairs.product_id = product_statistics.product_id
    where cast(purchased_pairs.first_order_date as date) <= parameters.as_of_date
    group by purchased_pairs.customer_id
),

churn_features as (
    select
        customer_sums.customer_id,
        customer_sums.first_order_day as first_order_date,
        customer_sums.last_order_day as last_order_date,
        customer_sums.total_orders,
        customer_sums.total_spent,
        customer_sums.total_spent / customer_sums.total_orders as avg_order_value,
        customer_sums.customer_tenure_days,
        customer_sums.total_orders / (customer_sums.customer_tenure_days + 1) as order_frequency,
        customer_sums.total_spent / customer_sums.total_orders as revenue_per_order,
        customer_sums.days_since_last_order,
        customer_sums.days_since_first_order,
        customer_sums.active_days,
        customer_sums.orders_last_30_days,
        customer_sums.orders_last_90_days,
        customer_sums.orders_last_180_days,
        customer_sums.orders_last_365_days,
        customer_sums.spent_last_30_days,
        customer_sums.spent_last_90_days,
        customer_sums.spent_last_180_days,
        customer_sums.spent_last_365_days,
        customer_sums.sum_of_gaps / nullif(customer_sums.gaps, 0) as mean_gap_days,
        case
            when customer_sums.gaps >= 2 then sqrt(
                (
                    customer_sums.sum_of_squared_gaps * customer_sums.gaps
                    - customer_sums.sum_of_gaps * customer_sums.sum_of_gaps
                ) / (customer_sums.gaps * (customer_sums.gaps - 1))
            )
        end as gap_spread_days,
        customer_sums.longest_gap_days,
        customer_sums.days_since_last_order * customer_sums.gaps / nullif(customer_sums.sum_of_gaps, 0)
            as recency_over_mean_gap,
        customer_sums.active_days / (customer_sums.days_since_first_order + 1) as active_day_rate,
        case
            when customer_sums.total_spent > 0
                then customer_sums.spent_last_90_days / customer_sums.total_spent
            else 0
        end as spent_share_last_90_days,
        coalesce(customer_products.distinct_products, 0) as distinct_products,
        coalesce(customer_products.distinct_categories, 0) as distinct_categories,
        customer_sums.orders_same_season_last_year,
        customer_sums.discount_percents / nullif(customer_sums.discounts, 0) as mean_discount_percent,
        customer_sums.returned_orders,
        customer_sums.last_gap_days,
        customer_sums.recent_gap_days,
        customer_sums.days_since_last_order / customer_sums.last_gap_days as recency_over_last_gap,
        customer_sums.days_since_last_order / customer_sums.recent_gap_days as recency_over_recent_gap,
        customer_sums.longer_gaps / nullif(customer_sums.gaps, 0) as longer_gap_share,
        (customer_sums.longer_gaps + 1) / (customer_sums.gaps + 2) as gap_survival,
        cast(dayofyear(parameters.as_of_date) as double) as as_of_day_of_year
    from customer_sums
    cross join parameters
    left join customer_products
        on customer_sums.customer_id = customer_products.customer_id
)

select * from churn_features
order by customer_id
