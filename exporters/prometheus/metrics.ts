import { counter, gauge } from '../../model/metric.ts';

const labels = ['job', 'instance'] as const;

export const metrics = {
  reloaded: gauge(
    'prometheus_config_last_reload_successful',
    labels,
    'Whether the newest configuration is the one in use.',
  ),
  samples: counter('prometheus_tsdb_head_samples_appended_total', [...labels, 'type'], 'Samples stored.'),
  series: gauge('prometheus_tsdb_head_series', labels, 'Series in memory.'),
  requests: counter('prometheus_http_requests_total', [...labels, 'handler', 'code'], 'Requests it answered.'),
  tooOld: counter('prometheus_tsdb_too_old_samples_total', [...labels, 'type'], 'Samples that came too late.'),
  ruleFailures: counter(
    'prometheus_rule_evaluation_failures_total',
    [...labels, 'rule_group'],
    'Rules that could not be evaluated.',
  ),
  memory: gauge('process_resident_memory_bytes', labels, 'Memory of the process.'),
  disk: gauge('prometheus_tsdb_storage_blocks_bytes', labels, 'Disk that blocks take.'),
  log: gauge('prometheus_tsdb_wal_storage_size_bytes', labels, 'Disk that the write-ahead log takes.'),
  headChunks: gauge(
    'prometheus_tsdb_head_chunks_storage_size_bytes',
    labels,
    'Disk that samples take which are in no block yet.',
  ),
  lateLog: gauge(
    'prometheus_tsdb_out_of_order_wbl_storage_size_bytes',
    labels,
    'Disk that the log of late samples takes.',
  ),
  sizeLimit: gauge('prometheus_tsdb_retention_limit_bytes', labels, 'Disk that retention allows; 0 is any.'),
  corruptions: counter('prometheus_tsdb_wal_corruptions_total', labels, 'Corruptions found in the write-ahead log.'),
  notified: counter('prometheus_notifications_sent_total', [...labels, 'alertmanager'], 'Alerts that got through.'),
  notNotified: counter(
    'prometheus_notifications_errors_total',
    [...labels, 'alertmanager'],
    'Alerts that did not get through.',
  ),
};

/** Of the receiver that load generators push to. */
export const received = { handler: '=/api/v1/write' } as const;
