-- For those who only ask: the procedure. It reads with the rights of its owner.
grant usage on procedure models.get_product_recommendations(integer, integer, varchar) to role blank_role
