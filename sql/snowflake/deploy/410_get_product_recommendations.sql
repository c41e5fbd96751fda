-- What to offer the first customers of a segment, as text: the procedure that agents call. It reads serving tables and
-- the functions of the recommendation model; its arguments are only ever bound.
create or replace procedure models.get_product_recommendations(
    n_customers integer default 3,
    n_products integer default 3,
    segment varchar default 'LOW_ENGAGEMENT'
)
returns varchar
language sql
comment = 'churn-mcp: products to offer the customers of a segment, with the probability that they buy each.'
execute as owner
as
$$
declare
    recommendations varchar;
begin
    select recommendation_text into :recommendations
    from (
blank_statement
    );
    return recommendations;
end
$$
