-- Availability of each host from :from until before :to (seconds since 1970), or of :host ('*' for all): seconds in each hard state.
-- A host is as its last hard row before the period says; without one it was up, since only changes have rows. "unrecorded" is before
-- the first row of all. "planned" are seconds not up within a downtime: they are in down or unreachable, too.
WITH host AS (
  SELECT host_name FROM object_state
   WHERE service_description = '' AND (:host = '*' OR host_name = :host)
  UNION
  SELECT DISTINCT host_name FROM report_data
   WHERE host_name <> '' AND (:host = '*' OR host_name = :host)
), step AS (
  SELECT h.host_name, :from AS since, 0 AS id,
         COALESCE((SELECT r.state FROM report_data r
                    WHERE r.host_name = h.host_name AND r.service_description = '' AND r.event_type = 801
                      AND r.timestamp < :from AND r.hard = 1
                    ORDER BY r.timestamp DESC, r.id DESC LIMIT 1), 0) AS state,
         0 AS deeper
    FROM host h
  UNION ALL
  SELECT r.host_name, r.timestamp, r.id, r.state, 0
    FROM host h JOIN report_data r
      ON r.host_name = h.host_name AND r.service_description = '' AND r.event_type = 801
     AND r.timestamp >= :from AND r.timestamp < :to AND r.hard = 1
  UNION ALL
  SELECT r.host_name, r.timestamp, r.id, NULL, CASE r.event_type WHEN 1103 THEN 1 ELSE -1 END
    FROM host h JOIN report_data r
      ON r.host_name = h.host_name AND r.service_description = '' AND r.event_type IN (1103, 1104)
     AND r.timestamp < :to
), counted AS (
  SELECT host_name, since, id, state,
         COALESCE(LEAD(since) OVER (PARTITION BY host_name ORDER BY since, id), :to) AS till,
         COUNT(state) OVER (PARTITION BY host_name ORDER BY since, id ROWS UNBOUNDED PRECEDING) AS told,
         SUM(deeper) OVER (PARTITION BY host_name ORDER BY since, id ROWS UNBOUNDED PRECEDING) AS depth
    FROM step
), span AS (
  -- what a row does not tell is as before; an end without its beginning, which was purged, counts nothing
  SELECT host_name,
         GREATEST(till, b.known) - GREATEST(since, b.known) AS seconds,
         b.known,
         MAX(state) OVER (PARTITION BY host_name, told) AS state,
         depth - LEAST(0, MIN(depth) OVER (PARTITION BY host_name ORDER BY since, id ROWS UNBOUNDED PRECEDING)) AS depth
    FROM counted CROSS JOIN (SELECT LEAST(:to, GREATEST(:from, COALESCE(MIN(timestamp), :to))) AS known FROM report_data) b
)
SELECT host_name,
       SUM(CASE WHEN state = 0 THEN seconds ELSE 0 END) AS up,
       SUM(CASE WHEN state = 1 THEN seconds ELSE 0 END) AS down,
       SUM(CASE WHEN state > 1 THEN seconds ELSE 0 END) AS unreachable,
       SUM(CASE WHEN state > 0 AND depth > 0 THEN seconds ELSE 0 END) AS planned,
       MAX(known) - :from AS unrecorded,
       ROUND(100.0 * SUM(CASE WHEN state = 0 THEN seconds ELSE 0 END) / NULLIF(SUM(seconds), 0), 3) AS up_percent,
       ROUND(100.0 * SUM(CASE WHEN state = 0 OR depth > 0 THEN seconds ELSE 0 END) / NULLIF(SUM(seconds), 0), 3)
         AS up_or_planned_percent
  FROM span
 GROUP BY host_name
 ORDER BY host_name
