-- One row per pair of products of which an observed customer became a common buyer, or ceased to be one: by how many their
-- number changed, and how many there were; NULL if fewer than two. Only pairs with a product that came to a basket or went from
-- it are looked at.
with came as (
    select * from whole.interactive.observed_baskets
    except
    select * from baskets_before
),

gone as (
    select * from baskets_before
    except
    select * from whole.interactive.observed_baskets
),

pairs as (
    -- Two products that both came are a pair once.
    select
        least(came.product_id, owned.product_id) as product_id,
        greatest(came.product_id, owned.product_id) as neighbor_id,
        1 as change
    from came
    inner join whole.interactive.observed_baskets as owned
        on owned.customer_id = came.customer_id and owned.product_id <> came.product_id
    left join came as also
        on also.customer_id = owned.customer_id and also.product_id = owned.product_id
    where also.product_id is null or came.product_id < owned.product_id
    union all
    select
        least(gone.product_id, owned.product_id) as product_id,
        greatest(gone.product_id, owned.product_id) as neighbor_id,
        -1 as change
    from gone
    inner join baskets_before as owned
        on owned.customer_id = gone.customer_id and owned.product_id <> gone.product_id
    left join gone as also
        on also.customer_id = owned.customer_id and also.product_id = owned.product_id
    where also.product_id is null or gone.product_id < owned.product_id
),

changes as (
    select
        product_id,
        neighbor_id,
        cast(sum(change) as bigint) as change
    from pairs
    group by product_id, neighbor_id
    having sum(change) <> 0
)

select
    changes.*,
    known.buyers_in_common
from changes
left join whole.interactive.common_buyers as known
    on known.product_id = changes.product_id and known.neighbor_id = changes.neighbor_id
