drop table if exists models.campaign_measurements
