export const DATA_URI = 'churn://data/summary';
export const SEGMENTS_URI = 'churn://segments';
