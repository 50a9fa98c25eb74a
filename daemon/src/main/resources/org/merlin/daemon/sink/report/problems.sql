-- What is not well now: hosts and services in a hard state other than 0, whether somebody acknowledged, and downtimes that run.
SELECT s.host_name, s.service_description, s.state, s.last_hard_state_change, COALESCE(a.is_set, 0) AS acknowledged,
       COALESCE(a.author, '') AS acknowledged_by,
       (SELECT COUNT(*) FROM downtime d
         WHERE d.host_name = s.host_name AND d.service_description IN ('', s.service_description) AND d.phase = 1) AS downtimes,
       s.output
  FROM object_state s
  LEFT JOIN acknowledgement a
    ON a.host_name = s.host_name AND a.service_description = s.service_description AND a.is_set = 1
 WHERE s.state > 0 AND s.state_type = 1
 ORDER BY s.last_hard_state_change, s.host_name, s.service_description
