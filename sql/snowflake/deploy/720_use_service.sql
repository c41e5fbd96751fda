-- For those who only ask: the endpoint of the server. Snowflake's ingress lets in users who have this role of the service.
grant service role blank_service!ALL_ENDPOINTS_USAGE to role blank_role
