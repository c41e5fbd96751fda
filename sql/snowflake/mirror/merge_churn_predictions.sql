-- One row per customer: all of a version's probabilities as of a day, in one step. A second run changes nothing.
-- Values: model, version, as-of date, when they were predicted.
merge into models.churn_predictions as known
using (
    select
        churn_mcp_new_predictions.customer_id,
        churn_mcp_new_predictions.churn_probability,
        parameters.model,
        parameters.version,
        parameters.as_of,
        parameters.predicted_at
    from churn_mcp_new_predictions
    cross join (
        select
            cast(? as varchar) as model,
            cast(? as varchar) as version,
            cast(? as date) as as_of,
            cast(? as timestamp) as predicted_at
    ) as parameters
) as given
    on known.customer_id = given.customer_id
    and known.model = given.model
    and known.version = given.version
    and known.as_of = given.as_of
when not matched then insert (customer_id, model, version, as_of, churn_probability, predicted_at)
    values (
        given.customer_id, given.model, given.version, given.as_of, given.churn_probability, given.predicted_at
    )
