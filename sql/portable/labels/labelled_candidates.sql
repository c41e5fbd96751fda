-- Candidates with what came after them: one row per chosen customer and candidate product, as in all_candidates.
-- Values: four hex digits twice, whether to return all rows (1) or only those kept.
-- Reads the relations all_candidates as of a day and later_purchases after it, which the caller puts before it.
-- is_purchased = the customer ordered the product later.
-- is_drawn = a row of the sample that probabilities are learnt from: all pairs bought, and of the others those whose MD5
-- is below the first hex digits, the same ones every time ('g' is above them all).
-- is_kept = a row to learn from: those, and of customers who bought something the pairs below the second hex digits.
with parameters as (
    select
        cast(? as varchar) as drawn_below,
        cast(? as varchar) as listed_below,
        cast(? as integer) as return_all
),

later_buyers as (
    select distinct customer_id from later_purchases
),

labelled_pairs as (
    select
        all_candidates.*,
        case when later_purchases.customer_id is null then 0 else 1 end as is_purchased,
        case when later_buyers.customer_id is null then 0 else 1 end as is_of_buyer,
        substr(
            md5(
                cast(all_candidates.customer_id as varchar)
                || '|' || cast(all_candidates.product_id as varchar)
            ),
            1, 4
        ) as hex_digits
    from all_candidates
    left join later_purchases
        on all_candidates.customer_id = later_purchases.customer_id
        and all_candidates.product_id = later_purchases.product_id
    left join later_buyers
        on all_candidates.customer_id = later_buyers.customer_id
),

labelled_candidates as (
    select
        labelled_pairs.*,
        case
            when labelled_pairs.is_purchased = 1 then 1
            when labelled_pairs.hex_digits < parameters.drawn_below then 1
            else 0
        end as is_drawn,
        case
            when labelled_pairs.is_purchased = 1 then 1
            when labelled_pairs.hex_digits < parameters.drawn_below then 1
            when labelled_pairs.is_of_buyer = 1 and labelled_pairs.hex_digits < parameters.listed_below then 1
            else 0
        end as is_kept
    from labelled_pairs
    cross join parameters
)

select labelled_candidates.*
from labelled_candidates
cross join parameters
where labelled_candidates.is_kept = 1
    or parameters.return_all = 1
