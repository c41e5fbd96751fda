-- For those who only ask: every customer’s churn probability.
grant select on all views in schema blank_schema to role blank_role
