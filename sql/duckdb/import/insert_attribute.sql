insert into staging.attributes (position, attribute) values (?, ?)
