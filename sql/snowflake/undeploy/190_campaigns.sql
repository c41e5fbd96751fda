drop table if exists models.campaigns
