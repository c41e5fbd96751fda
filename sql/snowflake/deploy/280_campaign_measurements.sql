-- One row per campaign and day through which churn-mcp measured it: its verdict, and the profit with its interval (NULL if too
-- few customers had ordered).
create table if not exists models.campaign_measurements (
    campaign_id varchar not null,
    through date not null,
    is_final boolean not null,
    verdict varchar not null,
    profit double,
    profit_low double,
    profit_high double,
    primary key (campaign_id, through)
)
comment = 'churn-mcp: what churn-mcp measured of each campaign'
