-- One row per customer, many rows in one call. Values of each: the customer's id and the probability.
insert into churn_mcp_new_predictions (customer_id, churn_probability) values (?, ?)
