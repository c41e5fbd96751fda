-- One row per customer's id whose person is known.
with final as (
    select customer_id, person_id
    from staging.persons
)

select * from final
order by customer_id
