-- One row per customer: where a campaign's customers wait until all are there. A table of the session, which nobody else sees.
create or replace temporary table churn_mcp_new_campaign_customers (
    customer_id varchar not null,
    is_held_out integer not null,
    churn_probability double not null,
    expected_spend double not null
)
