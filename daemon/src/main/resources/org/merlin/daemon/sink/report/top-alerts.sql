-- The :limit hosts and services with most hard problems from :from until before :to (seconds since 1970). A problem that changes
-- from warning to critical counts twice.
SELECT host_name, service_description,
       COUNT(*) AS alerts,
       SUM(CASE WHEN state = 1 THEN 1 ELSE 0 END) AS state_1,
       SUM(CASE WHEN state = 2 THEN 1 ELSE 0 END) AS state_2,
       SUM(CASE WHEN state = 3 THEN 1 ELSE 0 END) AS state_3,
       MAX(timestamp) AS last_time
  FROM report_data
 WHERE timestamp >= :from AND timestamp < :to
   AND event_type IN (701, 801) AND hard = 1 AND state > 0
 GROUP BY host_name, service_description
 ORDER BY alerts DESC, host_name, service_description
 LIMIT :limit
