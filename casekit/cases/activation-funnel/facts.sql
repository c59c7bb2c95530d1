-- fact: n_count
-- range: 1 to 1 at default, small
-- says: x.
SELECT 1
