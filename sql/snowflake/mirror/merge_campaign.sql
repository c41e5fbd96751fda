-- One row per campaign: made once, after its customers. Values: the campaign's id and name; the day it was planned on, that of its
-- contacts, its last one; cost per contact, cost per offer taken, margin, currency; when it was copied.
merge into models.campaigns as known
using (
    select
        cast(? as varchar) as campaign_id,
        cast(? as varchar) as name,
        cast(? as date) as planned_on,
        cast(? as date) as contact_date,
        cast(? as date) as last_day,
        cast(? as double) as contact_cost,
        cast(? as double) as offer_cost,
        cast(? as double) as margin,
        cast(? as varchar) as currency,
        cast(? as timestamp) as pushed_at
) as given
    on known.campaign_id = given.campaign_id
when not matched then insert (
    campaign_id, name, planned_on, contact_date, last_day, contact_cost, offer_cost, margin, currency, pushed_at
)
    values (
        given.campaign_id, given.name, given.planned_on, given.contact_date, given.last_day, given.contact_cost,
        given.offer_cost, given.margin, given.currency, given.pushed_at
    )
