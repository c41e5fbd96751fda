-- An agent that answers in plain words, with the procedures as its tools.
create or replace agent models.churn_agent
comment = 'churn-mcp: tells who is about to leave, why, and what to offer.'
from specification
$$
models:
  orchestration: auto
orchestration:
  budget:
    seconds: 60
    tokens: 32000
instructions:
  response: >-
    Answer in the words of the shop. Show lists as the tools give them, and leave their figures as they are.
  orchestration: >-
    Take get_shop_overview for how the shop is doing, get_at_risk_customers for who may leave, explain_churn_risk for one customer,
    get_product_recommendations for what to offer, and get_churn_metrics for how far the forecasts can be trusted.
  sample_questions:
    - question: "How is the shop doing?"
    - question: "Who is about to leave, and why?"
    - question: "What should we offer customers who rarely buy?"
    - question: "How good are the forecasts?"
tools:
blank_tools
tool_resources:
blank_resources
blank_mcp_servers
$$
