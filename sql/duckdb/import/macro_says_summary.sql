-- Whether a cell is nothing but a word for a sum, perhaps with figures: Total, Grand total:, Summe (12), 合計.
create temp macro says_summary(t) as (
    strlen(t) <= 60 and regexp_matches(
        t,
        '(?i)^[^\p{L}\p{N}]*(?:grand[ -]?total|sub[ -]?total|totals?|running total|sum|average|avg|count|gesamt|gesamtsumme|gesamtbetrag|gesamtergebnis|gesamttotal|zwischensumme|zwischenergebnis|endsumme|summe|ergebnis|durchschnitt|anzahl|total g[eé]n[eé]ral|sous-total|somme|moyenne|total general|subtotal|suma|suma total|promedio|totale|totale generale|totale complessivo|subtotale|somma|totaal|eindtotaal|subtotaal|totalt|delsumma|summa|i alt|yhteens[aä]|razem|ogółem|suma ko[nń]cowa|celkem|spolu|[oö]sszesen|toplam|genel toplam|total geral|итого|всего|общий итог|сума|разом|σύνολο|合計|総計|小計|总计|總計|小计|합계|총계|소계|المجموع|סה"כ)[^\p{L}]*$'
    )
)
