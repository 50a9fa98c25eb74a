-- What :contact was told from :from until before :to (seconds since 1970), the newest :limit first.
SELECT start_time, contact_name, host_name, service_description, reason_type, state, command_name, output, ack_author, ack_data
  FROM notification
 WHERE contact_name = :contact AND start_time >= :from AND start_time < :to
 ORDER BY start_time DESC, id DESC
 LIMIT :limit
