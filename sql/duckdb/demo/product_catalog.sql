-- The ten products of the shop; one row per product.
insert into raw.product_catalog
select
    product_id,
    product_name,
    product_category,
    description,
    features,
    cast(price as decimal(18, 4)),
    stock_quantity
from (
    values
        (1001, 'Powder Skis', 'Skis', 'Wide skis that float in deep snow', 'Rocker tip; 112 mm waist', 749.00, 140),
        (1002, 'All-Mountain Skis', 'Skis', 'Skis for every slope and every snow', 'Camber; 88 mm waist', 649.00, 180),
        (1003, 'Freestyle Snowboard', 'Snowboards', 'Soft twin board for park and pipe', 'True twin; flex 4', 449.00, 120),
        (1004, 'Freeride Snowboard', 'Snowboards', 'Stiff directional board for open snow', 'Directional; flex 8', 549.00, 90),
        (1005, 'Ski Boots', 'Boots', 'Four-buckle boots with a heatable liner', 'Flex 110; 100 mm last', 399.00, 220),
        (1006, 'Snowboard Boots', 'Boots', 'Boots with a double dial lace', 'Flex 6; dial lace', 299.00, 200),
        (1007, 'Ski Poles', 'Accessories', 'Light poles with quick straps', 'Carbon mix', 89.00, 400),
        (1008, 'Ski Goggles', 'Accessories', 'Goggles with a second lens', 'Magnetic lens; fits over glasses', 129.00, 350),
        (1009, 'Snowboard Bindings', 'Accessories', 'Step-in bindings', 'All discs', 229.00, 160),
        (1010, 'Ski Helmet', 'Accessories', 'Helmet with adjustable vents', 'Impact liner; vents', 159.00, 300)
) as product (product_id, product_name, product_category, description, features, price, stock_quantity)
