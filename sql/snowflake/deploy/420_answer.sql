-- An answer of churn-mcp as text: the procedure that agents call. Forecasts need more than SQL, so it gives what the tool said when
-- answers were last written; the text names its day. Its argument is only ever bound.
create or replace procedure blank_object(blank_parameters)
returns varchar
language sql
comment = blank_purpose
execute as owner
as
$$
declare
    found varchar;
begin
    select answer_text into :found
    from (
        select coalesce(max(answer), blank_missing) as answer_text
        from models.answers
        where tool = blank_tool and subject = blank_subject
    );
    return found;
end
$$
