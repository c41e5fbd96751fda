-- One row per campaign that was started: the offer, and the days between which the orders of its customers count.
create table if not exists models.campaigns (
    campaign_id varchar not null,
    name varchar not null,
    planned_on date not null,
    contact_date date not null,
    last_day date not null,
    contact_cost double not null,
    offer_cost double not null,
    margin double not null,
    currency varchar,
    pushed_at timestamp_ntz not null,
    primary key (campaign_id)
)
comment = 'churn-mcp: campaigns that were started'
