set variable has_persons = getvariable('has_persons') or exists (select 1 from earlier.raw.persons)
