-- An agent that answers in plain words, with the procedure as its tool.
create or replace agent models.churn_agent
comment = 'churn-mcp: tells who to win back and what to offer.'
from specification
$$
instructions:
  response: >-
    Answer in the words of the shop. Show the recommendations as the tool gives them, and leave their figures as they are.
tools:
  - tool_spec:
      type: generic
      name: get_product_recommendations
      description: >-
        Products to offer the customers of a segment, by the probability that they buy them next. Segments:
        LOW_ENGAGEMENT, HIGH_VALUE_INACTIVE, HIGH_VALUE_ACTIVE, NEW_CUSTOMERS, AT_RISK, REGULAR.
      input_schema:
        type: object
        properties:
          n_customers: {type: integer, description: "Customers, 1 to 1000; 3 by default."}
          n_products: {type: integer, description: "Products a customer, 1 to 100; 3 by default."}
          segment: {type: string, description: "A segment's name; LOW_ENGAGEMENT by default."}
tool_resources:
  get_product_recommendations:
    type: procedure
    identifier: blank_procedure
    execution_environment: {type: warehouse, warehouse: blank_warehouse_name}
$$
