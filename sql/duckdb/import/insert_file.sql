-- One row: a file that was staged.
-- Values bound: its table, its number among the files of that table, its name, the rows of that table before it, its own
-- rows, the lines before its header, and whether each row is one line.
insert into staging.files
values (?, ?, ?, ?, ?, ?, ?)
