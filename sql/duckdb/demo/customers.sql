-- The customers with obviously invented names; one row per customer.
insert into raw.customers
with vocabulary as (
    select
        [
            'Alba', 'Boreas', 'Cirra', 'Drift', 'Elva', 'Flurry', 'Glace', 'Hale', 'Isa', 'Juno', 'Kit', 'Lumi', 'Mistral',
            'Neva', 'Orla', 'Pip', 'Quill', 'Rime', 'Sleet', 'Tarn', 'Una', 'Vale', 'Wren', 'Yuki', 'Zephyr'
        ] as first_names,
        [
            'Alpenglow', 'Birchwood', 'Chairlift', 'Drybrook', 'Edgehill', 'Firnfield', 'Glacierson', 'Highpass', 'Icebrook',
            'Juniper', 'Kickerman', 'Larchmont', 'Mogulsen', 'Northface', 'Offpiste', 'Powderly', 'Quarterpipe', 'Ridgeway',
            'Snowfield', 'Timberline', 'Upslope', 'Valleyman', 'Whiteout', 'Yardsale', 'Zigzag'
        ] as last_names,
        ['Powder Lane', 'Summit Street', 'Gondola Road', 'Larch Avenue', 'Cornice Court', 'Basin Way'] as streets,
        ['Frostville', 'Snowmere', 'Icefall', 'Pinecrest', 'Corniceton', 'Lower Piste'] as cities,
        ['CO', 'UT', 'VT', 'CA', 'WA', 'MT'] as states
),

drawn as (
    select
        truth.*,
        vocabulary.*,
        demo_random(truth.random_key, 16, 0) as first_draw,
        demo_random(truth.random_key, 16, 1) as last_draw,
        demo_random(truth.random_key, 16, 2) as place_draw,
        demo_random(truth.random_key, 16, 3) as number_draw
    from demo.truth as truth
    cross join vocabulary
),

named as (
    select
        *,
        first_names[1 + cast(floor(first_draw * 25) as integer)] as first_name,
        last_names[1 + cast(floor(last_draw * 25) as integer)] as last_name,
        1 + cast(floor(place_draw * 6) as integer) as place,
        cast(floor(number_draw * 900) as integer) as number
    from drawn
)

select
    customer_id,
    first_name,
    last_name,
    lower(first_name) || '.' || lower(last_name) || '.' || customer_id || '@example.com' as email,
    '+1-555-01' || lpad(cast(number % 100 as varchar), 2, '0') as phone,
    (1 + number) || ' ' || streets[1 + number % 6] as address,
    cities[place] as city,
    states[place] as state,
    '000' || lpad(cast(10 * place + number % 10 as varchar), 2, '0') as zip_code,
    first_order_date - number % 15 as registration_date,
    customer_segment
from named
order by customer_number
