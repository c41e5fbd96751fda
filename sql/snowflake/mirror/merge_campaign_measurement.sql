-- One row per campaign and day through which it was measured; what was measured again replaces it. Values: the campaign's id, the
-- day, whether it is final, the verdict, profit with the ends of its interval.
merge into models.campaign_measurements as known
using (
    select
        cast(? as varchar) as campaign_id,
        cast(? as date) as through,
        cast(? as integer) = 1 as is_final,
        cast(? as varchar) as verdict,
        cast(? as double) as profit,
        cast(? as double) as profit_low,
        cast(? as double) as profit_high
) as given
    on known.campaign_id = given.campaign_id
    and known.through = given.through
when matched then update set
    is_final = given.is_final,
    verdict = given.verdict,
    profit = given.profit,
    profit_low = given.profit_low,
    profit_high = given.profit_high
when not matched then insert (campaign_id, through, is_final, verdict, profit, profit_low, profit_high)
    values (
        given.campaign_id, given.through, given.is_final, given.verdict, given.profit, given.profit_low,
        given.profit_high
    )
