-- One row per staged product, typed, with the reason why it cannot be used, NULL if it can.
with staged as (
    select
        row_number,
        product_id_of(product_id) as product_id,
        product_catalog_product_name_text(product_name, 200) as product_name,
        product_catalog_product_category_text(product_category, 200) as product_category,
        product_catalog_description_text(description, 1000) as description,
        product_catalog_features_text(features, 1000) as features,
        product_catalog_price_written(price) as price_text,
        product_catalog_price(product_catalog_price_written(price)) as price,
        try_cast(product_catalog_stock_quantity(product_catalog_stock_quantity_written(stock_quantity)) as integer) as stock_quantity
    from staging.product_catalog
),

numbered as (
    select
        *,
        row_number() over (
            partition by product_id
            order by
                product_name nulls last, product_category nulls last, description nulls last, features nulls last,
                price nulls last, stock_quantity nulls last, row_number
        ) as occurrence
    from staged
),

compared as (
    select
        *,
        concat_ws(
            chr(31), coalesce(product_name, ''), coalesce(product_category, ''), coalesce(description, ''),
            coalesce(features, ''), coalesce(cast(price as varchar), ''), coalesce(cast(stock_quantity as varchar), '')
        ) as content
    from numbered
),

checked as (
    select
        * exclude (content, occurrence, price_text),
        occurrence > 1 and content = min(case when occurrence = 1 then content end) over (partition by product_id)
            as is_repeated,
        case
            when product_id is null then 'missing product id'
            when length(product_id) > 256 then 'id longer than 256 characters'
            when price < 0 then 'negative amount'
            when price_text is not null and price is null then 'amount is not a number'
            when price >= 1000000000000 then 'amount too large'
            when occurrence > 1 and content <> min(case when occurrence = 1 then content end) over (partition by product_id)
                then 'repeated product id with other content'
        end as reason
    from compared
)

select * from checked
