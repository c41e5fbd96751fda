-- Features with what came after them: one row per chosen customer and candidate product, by both ids.
-- Reads the relations recommendation_features and recommendation_candidates, which the caller puts before it; the candidates are
-- labelled ones.
select
    recommendation_features.*,
    recommendation_candidates.is_purchased,
    recommendation_candidates.stands_for,
    recommendation_candidates.is_kept
from recommendation_features
inner join recommendation_candidates
    on recommendation_features.customer_id = recommendation_candidates.customer_id
    and recommendation_features.product_id = recommendation_candidates.product_id
order by recommendation_features.customer_id, recommendation_features.product_id
