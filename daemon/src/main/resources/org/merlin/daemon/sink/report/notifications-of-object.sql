-- Who was told of :host and its :service ('' for the host itself, '*' for it and all of its services) from :from until before :to
-- (seconds since 1970), the newest :limit first.
SELECT start_time, contact_name, host_name, service_description, reason_type, state, command_name, output, ack_author, ack_data
  FROM notification
 WHERE host_name = :host AND (:service = '*' OR service_description = :service)
   AND start_time >= :from AND start_time < :to
 ORDER BY start_time DESC, id DESC
 LIMIT :limit
