-- The currency that an amount is written with, as its three letters; NULL if it has none. In $12.990 CLP the code counts.
create temp macro currency_mark(t) as currency_of_mark(
    upper(
        coalesce(
            nullif(regexp_extract(t, '(?i)(?:^|[^\p{L}])(AED|ARS|AUD|BGN|BHD|BRL|CAD|CHF|CLP|CNY|COP|CRC|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|IQD|ISK|JOD|JPY|KES|KRW|KWD|LBP|MAD|MXN|MYR|NGN|NOK|NZD|OMR|PEN|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|SAR|SEK|SGD|THB|TND|TRY|TWD|TZS|UAH|UGX|USD|UYU|VND|XAF|XOF|XPF|ZAR|kr|Ft|lei|Rs|Rp|F ?CFA|Gs|VNĐ|TL|RM|руб|грн|лв)(?:$|[^\p{L}])', 1), ''),
            regexp_extract(t, '(?i)(US ?\$|CA?\$|AU?\$|NZ\$|HK\$|NT\$|S\$|R\$|\p{Sc}|zł|Kč|[円元원đ])', 1)
        )
    )
)
