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
        trim(regexp_replace(coalesce(product_name, cast(product_id as varchar)), '[[:space:][:cntrl:]]+', ' '))
            as product_name,
        trim(regexp_replace(product_category, '[[:space:][:cntrl:]]+', ' ')) as product_category,
        blank_score as probability
    from named_features
    where times_bought = 0
),

ranked as (
    select
        scored.*,
        row_number() over (partition by customer_id order by probability desc, product_id) as product_rank
    from scored
),

lines as (
    select
        ranked.customer_id,
        ranked.product_rank,
        '  ' || cast(ranked.product_rank as varchar) || '. '
        || case
            when length(ranked.product_name) > 120 then left(ranked.product_name, 119) || '…'
            else ranked.product_name
        end
        || case
            when ranked.product_category is null then ''
            when length(ranked.product_category) > 120 then ' (' || left(ranked.product_category, 119) || '…)'
            else ' (' || ranked.product_category || ')'
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
        'Customer ID: ' || cast(customer_id as varchar) || chr(10)
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
