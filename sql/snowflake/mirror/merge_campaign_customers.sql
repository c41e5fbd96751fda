-- One row per customer of a campaign, all in one step. A second run changes nothing. Value: the campaign's id.
merge into models.campaign_customers as known
using (
    select
        churn_mcp_new_campaign_customers.customer_id,
        churn_mcp_new_campaign_customers.is_held_out = 1 as is_held_out,
        churn_mcp_new_campaign_customers.churn_probability,
        churn_mcp_new_campaign_customers.expected_spend,
        parameters.campaign_id
    from churn_mcp_new_campaign_customers
    cross join (select cast(? as varchar) as campaign_id) as parameters
) as given
    on known.campaign_id = given.campaign_id
    and known.customer_id = given.customer_id
when not matched then insert (campaign_id, customer_id, is_held_out, churn_probability, expected_spend)
    values (
        given.campaign_id, given.customer_id, given.is_held_out, given.churn_probability, given.expected_spend
    )
