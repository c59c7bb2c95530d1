-- numbers: conversion
SELECT
  100.0 * count(DISTINCT o.visit_id) FILTER (WHERE v.device = 'phone')
    / count(DISTINCT v.visit_id) FILTER (WHERE v.device = 'phone') AS phone_conversion_percent,
  100.0 * count(DISTINCT o.visit_id) FILTER (WHERE v.device = 'laptop')
    / count(DISTINCT v.visit_id) FILTER (WHERE v.device = 'laptop') AS laptop_conversion_percent
FROM visits v LEFT JOIN orders o USING (visit_id)
