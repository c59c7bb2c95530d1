-- fact: x
-- range: 0 to 9
-- says: X.
SELECT 1
