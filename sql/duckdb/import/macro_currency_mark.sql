-- The currency that an amount is written with, as its three letters; NULL if it has none.
create temp macro currency_mark(t) as currency_of_mark(
    upper(
        regexp_extract(
            t,
            '(?i)(US ?\$|CA?\$|AU?\$|NZ\$|HK\$|S\$|R\$|\p{Sc}|zł|Kč|\b(?:kr|Ft|lei|Rs|AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|ISK|JPY|KES|KRW|KWD|MAD|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|QAR|RON|RSD|RUB|SAR|SEK|SGD|THB|TND|TRY|TWD|UAH|USD|VND|ZAR)\b)',
            1
        )
    )
)
