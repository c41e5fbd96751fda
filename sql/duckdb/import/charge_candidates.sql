-- One row per product that may be a charge by its name, code, category or price; src/data/import/meaning/charges.ts
-- decides. The variables charge_pattern and charge_codes hold the words.
with sold as (
    select
        product_id,
        min(product_name) as product_name,
        min(product_category) as product_category,
        max(abs(unit_price)) as highest_price
    from staging.checked_order_items
    where product_id is not null
    group by product_id
),

catalogue as (
    select
        product_id,
        min(product_name) as product_name,
        min(product_category) as product_category,
        max(price) as highest_price
    from staging.checked_product_catalog
    where product_id is not null
    group by product_id
),

products as (
    select
        product_id,
        coalesce(sold.product_name, catalogue.product_name) as product_name,
        coalesce(sold.product_category, catalogue.product_category) as product_category,
        case
            when sold.product_id is not null then sold.highest_price
            when catalogue.highest_price > 0 then catalogue.highest_price
        end as highest_price
    from sold
    full outer join catalogue using (product_id)
),

candidates as (
    select *
    from products
    where
        highest_price = 0
        or list_contains(getvariable('charge_codes'), regexp_replace(lower(product_id), '[^a-z]+', '', 'g'))
        or regexp_full_match(product_id, '[A-Za-z]{1,4}')
        or regexp_matches(lower(strip_accents(product_name)), getvariable('charge_pattern'))
        or regexp_matches(lower(strip_accents(product_category)), getvariable('charge_pattern'))
)

select * from candidates
order by product_id
limit 200000
