-- Why a line is not counted if its order is not: orders that are left out are understood, those that are rejected are not.
create temp macro order_reason(reason) as case
    when is_understood(reason) then 'order left out: ' || reason
    else 'order rejected: ' || reason
end
