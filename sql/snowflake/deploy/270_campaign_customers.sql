-- One row per customer of a campaign, and whether the customer was left uncontacted at random to compare with. Never changed.
create table if not exists models.campaign_customers (
    campaign_id varchar not null,
    customer_id varchar not null,
    is_held_out boolean not null,
    churn_probability double not null,
    expected_spend double not null,
    primary key (campaign_id, customer_id)
)
comment = 'churn-mcp: the customers of each campaign'
