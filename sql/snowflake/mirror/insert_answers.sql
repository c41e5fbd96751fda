-- One row per answer, many rows in one call. Values of each: the tool, whom or what it was asked about, and the text.
insert into churn_mcp_new_answers (tool, subject, answer) values (?, ?, ?)
