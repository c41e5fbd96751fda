drop procedure if exists models.get_product_recommendations(integer, integer, varchar)
