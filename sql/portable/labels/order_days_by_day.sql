-- The part of churn_features that is the same for every as-of date, up to one of them: one row per customer and day with orders.
-- Values: the as-of date. Reads the relation order_days_of_history, which has the days after it too.
select * from order_days_of_history
where order_day <= cast(? as date)
