-- One row per customer, many rows in one call. Values of each: the customer's id, 1 if held out, the probability to leave, the
-- expected spend.
insert into churn_mcp_new_campaign_customers (customer_id, is_held_out, churn_probability, expected_spend)
values (?, ?, ?, ?)
