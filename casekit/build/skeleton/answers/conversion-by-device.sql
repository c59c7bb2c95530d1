-- reference
-- say: Reduce orders to one row per visit, then let visits own the denominator.
WITH buyers AS (SELECT DISTINCT visit_id FROM orders)
SELECT v.device, count(*) AS visits, 100.0 * count(b.visit_id) / count(*) AS conversion_percent
FROM visits v LEFT JOIN buyers b USING (visit_id)
GROUP BY v.device

-- trap: fan-out
-- tag: fanout
-- say: A visit with two orders became two rows, so both counts grew. Reduce orders to one row
--   per visit before you join.
SELECT v.device, count(*) AS visits, 100.0 * count(o.order_id) / count(*) AS conversion_percent
FROM visits v LEFT JOIN orders o USING (visit_id)
GROUP BY v.device
