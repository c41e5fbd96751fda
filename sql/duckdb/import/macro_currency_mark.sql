-- The currency that an amount is written with, as its three letters; NULL if it has none. In $12.990 CLP the code counts.
create temp macro currency_mark(t) as currency_of_mark(
    upper(
        coalesce(
            nullif(regexp_extract(t, '(?i)(?:^|[^\p{L}])(' || currency_codes() || '|kr|Ft|lei|Rs|Rp|F ?CFA|Gs|VNĐ|TL|RM|руб|грн|лв)(?:$|[^\p{L}])', 1), ''),
            regexp_extract(t, '(?i)(US ?\$|CA?\$|AU?\$|NZ\$|HK\$|NT\$|S\$|R\$|\p{Sc}|zł|Kč|[円元원đ])', 1)
        )
    )
)
