-- The text of GET_PRODUCT_RECOMMENDATIONS, to the character as src/recommend/recommendation-text.ts writes it: one row.
-- Values: the segment and the number of products. Reads the relation named_features, which stands before it.
with parameters as (
    select
        blank_segment as segment,
        blank_n_products as n_products
),

scored as (
    select
        customer_id,
        product_id,
        coalesce(product_name, cast(product_id as varchar)) as product_name,
        product_category,
        blank_score as probability,
        blank_rank_score as rank_score
    from named_features
    where times_bought = 0
        and is_offered = 1
),

ranked as (
    select
        scored.*,
        row_number() over (partition by customer_id order by rank_score desc, product_id) as product_rank
    from scored
),

lines as (
    select
        ranked.customer_id,
        ranked.product_rank,
        '  ' || cast(ranked.product_rank as varchar) || '. '
        || blank_shown_text(ranked.product_name)
        || case
            when ranked.product_category is null then ''
            else ' (' || blank_shown_text(ranked.product_category) || ')'
        end
        || chr(10) || '     Purchase Probability: '
        || cast(cast(round(100 * ranked.probability, 1) as decimal(5, 1)) as varchar) || '%' as line
    from ranked
    cross join parameters
    where ranked.product_rank <= parameters.n_products
),

customer_texts as (
    select
        customer_id,
        count(*) as recommendations,
        'Customer ID: ' || blank_shown_text(cast(customer_id as varchar)) || chr(10)
        || repeat('-', 70) || chr(10)
        || listagg(line, chr(10)) within group (order by product_rank) || chr(10) as customer_text
    from lines
    group by customer_id
),

shop as (
    select
        count(*) as customers,
        cast(coalesce(sum(recommendations), 0) as integer) as recommendations,
        listagg(customer_text, chr(10)) within group (order by customer_id) as customer_texts
    from customer_texts
)

select
    case
        when shop.customers = 0 then 'No customers found in the ''' || parameters.segment || ''' segment.'
        else
            'Product Recommendations for ' || blank_segment_label || ' Segment' || chr(10)
            || repeat('=', 70) || chr(10) || chr(10)
            || shop.customer_texts || chr(10)
            || 'Total Customers: ' || cast(shop.customers as varchar) || chr(10)
            || 'Total Recommendations: ' || cast(shop.recommendations as varchar)
    end as recommendation_text
from shop
cross join parameters
