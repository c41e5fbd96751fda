-- The churn probability of every customer as of the last order's day, by the version named.
create or replace view blank_object
comment = 'churn-mcp: the churn probability of every customer'
as
select
    customer_id,
    blank_version as model_version,
    blank_score as churn_probability
from interactive.churn_features
