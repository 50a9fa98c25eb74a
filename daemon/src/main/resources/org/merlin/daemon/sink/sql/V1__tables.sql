-- Each statement may find its work done: two nodes that begin at the same time, at two nodes of a Galera cluster, know nothing of each other.
CREATE TABLE IF NOT EXISTS report_data (
  id BIGINT NOT NULL AUTO_INCREMENT,
  origin BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  part SMALLINT NOT NULL,
  timestamp BIGINT NOT NULL,
  happened DATETIME(6) NOT NULL,
  event_type INT NOT NULL,
  flags INT NOT NULL DEFAULT 0,
  attrib INT NOT NULL DEFAULT 0,
  host_name VARCHAR(255) NOT NULL,
  service_description VARCHAR(255) NOT NULL,
  state INT NOT NULL,
  hard INT NOT NULL,
  retry INT NOT NULL,
  downtime_depth INT NOT NULL,
  output ${longtext},
  long_output ${longtext},
  PRIMARY KEY (id),
  CONSTRAINT report_name UNIQUE (origin, epoch, sequence, part)
) ${options};
CREATE INDEX IF NOT EXISTS report_time ON report_data (timestamp);
CREATE INDEX IF NOT EXISTS report_object ON report_data (host_name, service_description, event_type, timestamp, id, hard, state);

CREATE TABLE IF NOT EXISTS notification (
  id BIGINT NOT NULL AUTO_INCREMENT,
  origin BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  instance_id INT NOT NULL DEFAULT 0,
  notification_type INT NOT NULL,
  start_time BIGINT NOT NULL,
  start_time_usec INT NOT NULL,
  end_time BIGINT NOT NULL,
  end_time_usec INT NOT NULL,
  contact_name VARCHAR(255) NOT NULL,
  host_name VARCHAR(255) NOT NULL,
  service_description VARCHAR(255) NOT NULL,
  command_name VARCHAR(255) NOT NULL,
  reason_type INT NOT NULL,
  state INT NOT NULL,
  output ${longtext},
  ack_author VARCHAR(255) NOT NULL,
  ack_data ${longtext},
  escalated INT NOT NULL,
  contacts_notified INT NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  CONSTRAINT notification_name UNIQUE (origin, epoch, sequence)
) ${options};
CREATE INDEX IF NOT EXISTS notification_time ON notification (start_time);
CREATE INDEX IF NOT EXISTS notification_object ON notification (host_name, service_description, start_time);
CREATE INDEX IF NOT EXISTS notification_contact ON notification (contact_name, start_time);

CREATE TABLE IF NOT EXISTS object_state (
  host_name VARCHAR(255) NOT NULL,
  service_description VARCHAR(255) NOT NULL,
  node VARCHAR(64) NOT NULL,
  state INT NOT NULL,
  state_type INT NOT NULL,
  attempt INT NOT NULL,
  max_attempts INT NOT NULL,
  check_type INT NOT NULL,
  last_state INT NOT NULL,
  last_hard_state INT NOT NULL,
  last_check DATETIME(6),
  next_check DATETIME(6),
  last_state_change DATETIME(6),
  last_hard_state_change DATETIME(6),
  latency DOUBLE NOT NULL,
  execution_time DOUBLE NOT NULL,
  is_flapping INT NOT NULL,
  percent_state_change DOUBLE NOT NULL,
  notifications INT NOT NULL,
  last_notification DATETIME(6),
  output ${longtext},
  long_output ${longtext},
  perf_data ${longtext},
  revision BIGINT NOT NULL,
  PRIMARY KEY (host_name, service_description)
) ${options};

CREATE TABLE IF NOT EXISTS comment (
  origin BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  host_name VARCHAR(255) NOT NULL,
  service_description VARCHAR(255) NOT NULL,
  entry_time DATETIME(6) NOT NULL,
  author VARCHAR(255) NOT NULL,
  text ${longtext},
  persistent INT NOT NULL,
  expires DATETIME(6),
  PRIMARY KEY (origin, epoch, sequence)
) ${options};
CREATE INDEX IF NOT EXISTS comment_object ON comment (host_name, service_description);

CREATE TABLE IF NOT EXISTS downtime (
  origin BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  host_name VARCHAR(255) NOT NULL,
  service_description VARCHAR(255) NOT NULL,
  entry_time DATETIME(6) NOT NULL,
  author VARCHAR(255) NOT NULL,
  text ${longtext},
  start_time DATETIME(6) NOT NULL,
  end_time DATETIME(6) NOT NULL,
  fixed INT NOT NULL,
  duration BIGINT NOT NULL,
  phase INT NOT NULL,
  PRIMARY KEY (origin, epoch, sequence)
) ${options};
CREATE INDEX IF NOT EXISTS downtime_object ON downtime (host_name, service_description);

CREATE TABLE IF NOT EXISTS acknowledgement (
  host_name VARCHAR(255) NOT NULL,
  service_description VARCHAR(255) NOT NULL,
  is_set INT NOT NULL,
  sticky INT NOT NULL,
  persistent INT NOT NULL,
  author VARCHAR(255) NOT NULL,
  text ${longtext},
  entry_time DATETIME(6) NOT NULL,
  expires DATETIME(6),
  revision BIGINT NOT NULL,
  PRIMARY KEY (host_name, service_description)
) ${options};

CREATE TABLE IF NOT EXISTS deleted (
  kind INT NOT NULL,
  origin BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  deleted_at DATETIME(6) NOT NULL,
  PRIMARY KEY (kind, origin, epoch, sequence)
) ${options};
CREATE INDEX IF NOT EXISTS deleted_time ON deleted (deleted_at);

CREATE TABLE IF NOT EXISTS perfdata (
  origin BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  timestamp BIGINT NOT NULL,
  host_name VARCHAR(255) NOT NULL,
  service_description VARCHAR(255) NOT NULL,
  perfdata ${longtext},
  PRIMARY KEY (origin, epoch, sequence)
) ${options};
CREATE INDEX IF NOT EXISTS perfdata_object ON perfdata (host_name, service_description, timestamp);
CREATE INDEX IF NOT EXISTS perfdata_time ON perfdata (timestamp);

CREATE TABLE IF NOT EXISTS program_status (
  node VARCHAR(64) NOT NULL,
  state VARCHAR(32) NOT NULL,
  reason VARCHAR(255) NOT NULL,
  writer VARCHAR(64) NOT NULL,
  updated DATETIME(6) NOT NULL,
  PRIMARY KEY (node)
) ${options};

CREATE TABLE IF NOT EXISTS node_history (
  node VARCHAR(64) NOT NULL,
  happened DATETIME(6) NOT NULL,
  state VARCHAR(32) NOT NULL,
  reason VARCHAR(255) NOT NULL,
  seen_by VARCHAR(64) NOT NULL,
  PRIMARY KEY (node, happened, state)
) ${options};

CREATE TABLE IF NOT EXISTS oconf_generation (
  hash VARCHAR(64) NOT NULL,
  node VARCHAR(64) NOT NULL,
  since DATETIME(6) NOT NULL,
  author VARCHAR(64) NOT NULL,
  note VARCHAR(1000) NOT NULL,
  PRIMARY KEY (hash, node)
) ${options};

CREATE TABLE IF NOT EXISTS sink_progress (
  origin BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (origin, epoch)
) ${options};

CREATE TABLE IF NOT EXISTS import_progress (
  source VARCHAR(255) NOT NULL,
  reached BIGINT NOT NULL,
  PRIMARY KEY (source)
) ${options};

CREATE TABLE IF NOT EXISTS sink_lease (
  id INT NOT NULL,
  holder VARCHAR(64) NOT NULL,
  fence BIGINT NOT NULL,
  beat BIGINT NOT NULL,
  PRIMARY KEY (id)
) ${options};
INSERT INTO sink_lease (id, holder, fence, beat) VALUES (1, '', 0, 0) ON DUPLICATE KEY UPDATE id = sink_lease.id;

CREATE TABLE IF NOT EXISTS sink_fence (
  slot INT NOT NULL,
  fence BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (slot)
) ${options};
INSERT INTO sink_fence (slot, fence, n) VALUES (0, 0, 0), (1, 0, 0) ON DUPLICATE KEY UPDATE slot = sink_fence.slot;
