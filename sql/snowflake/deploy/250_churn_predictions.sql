-- Churn probabilities that were written back: one row per customer, version and day. A second run changes nothing.
create table if not exists models.churn_predictions (
    customer_id varchar not null,
    model varchar not null,
    version varchar not null,
    as_of date not null,
    churn_probability double not null,
    predicted_at timestamp_ntz not null,
    primary key (customer_id, model, version, as_of)
)
comment = 'churn-mcp: churn probabilities that were written back'
