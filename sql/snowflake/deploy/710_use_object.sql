-- For those who only ask: something that a step before made, by its name, so that nothing else is shown or allowed.
grant blank_privilege on blank_kind blank_object to role blank_role
