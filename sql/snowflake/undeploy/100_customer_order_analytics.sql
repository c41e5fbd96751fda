drop table if exists interactive.customer_order_analytics
