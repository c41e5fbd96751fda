-- One row per answer: all of them in one step. Value: when they were given.
merge into models.answers as known
using (
    select
        churn_mcp_new_answers.tool,
        churn_mcp_new_answers.subject,
        churn_mcp_new_answers.answer,
        parameters.answered_at
    from churn_mcp_new_answers
    cross join (select cast(? as timestamp) as answered_at) as parameters
) as given
    on known.tool = given.tool
    and known.subject = given.subject
when matched then update set answer = given.answer, answered_at = given.answered_at
when not matched then insert (tool, subject, answer, answered_at)
    values (given.tool, given.subject, given.answer, given.answered_at)
