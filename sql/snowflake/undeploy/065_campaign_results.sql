drop view if exists models.campaign_results
