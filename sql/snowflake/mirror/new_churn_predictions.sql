-- One row per customer: where probabilities wait until all are there. A table of the session, which nobody else sees.
create or replace temporary table churn_mcp_new_predictions (
    customer_id varchar not null,
    churn_probability double not null
)
