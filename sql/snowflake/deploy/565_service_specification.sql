-- The same container for a service that was there before: with another image or other settings it is started anew, at the same address.
alter service blank_service
from specification
$$
blank_specification
$$
