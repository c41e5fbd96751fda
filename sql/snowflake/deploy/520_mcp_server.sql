-- The procedure as a tool of an MCP server that Snowflake runs itself. It takes no comment, so its description names who made it.
create or replace mcp server models.churn_mcp_server
from specification
$$
tools:
  - name: get_product_recommendations
    type: GENERIC
    identifier: blank_procedure
    title: Product recommendations
    description: >-
      Products to offer the customers of a segment, by the probability that they buy them next. Segments:
      LOW_ENGAGEMENT, HIGH_VALUE_INACTIVE, HIGH_VALUE_ACTIVE, NEW_CUSTOMERS, AT_RISK, REGULAR. Made by churn-mcp.
    config:
      type: procedure
      warehouse: blank_warehouse_name
      input_schema:
        type: object
        properties:
          n_customers: {type: integer, description: "Customers, 1 to 1000; 3 by default."}
          n_products: {type: integer, description: "Products a customer, 1 to 100; 3 by default."}
          segment: {type: string, description: "A segment's name; LOW_ENGAGEMENT by default."}
$$
