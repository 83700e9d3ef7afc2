import { counter, gauge, sparse } from '../../model/metric.ts';

const labels = ['job', 'instance'] as const;

export const metrics = {
  up: gauge('redis_up', labels, 'Whether the server answers its exporter.'),
  hits: counter('redis_keyspace_hits_total', labels, 'Reads that found their key.'),
  misses: counter('redis_keyspace_misses_total', labels, 'Reads that found nothing.'),
  evicted: counter('redis_evicted_keys_total', labels, 'Keys that made room for others.'),
  expired: counter('redis_expired_keys_total', labels, 'Keys whose time was over.'),
  commands: counter('redis_commands_total', [...labels, 'cmd'], 'Commands, by which.'),
  commandTime: counter('redis_commands_duration_seconds_total', [...labels, 'cmd'], 'Time that commands took.'),
  processed: counter('redis_commands_processed_total', labels, 'Commands.'),
  cpuSystem: counter('redis_cpu_sys_main_thread_seconds_total', labels, 'CPU of the main thread, in the kernel.'),
  cpuUser: counter('redis_cpu_user_main_thread_seconds_total', labels, 'CPU of the main thread.'),
  clients: gauge('redis_connected_clients', labels, 'Connections.'),
  blocked: gauge('redis_blocked_clients', labels, 'Connections that wait in a blocking command.'),
  maxClients: gauge('redis_config_maxclients', labels, 'Connections at most.'),
  rejected: counter('redis_rejected_connections_total', labels, 'Connections that were refused.'),
  memoryResident: gauge('redis_memory_used_rss_bytes', labels, 'Memory that the system gave the server.'),
  memoryUsed: gauge('redis_memory_used_bytes', labels, 'Memory the server allocated.'),
  memoryMax: gauge('redis_memory_max_bytes', labels, 'maxmemory; 0 where there is no bound.'),
  // Only a replica has it.
  linkUp: sparse(
    gauge(
      'redis_master_link_up',
      [...labels, 'master_host', 'master_port'],
      'Whether a replica is connected to its master.',
    ),
  ),
};
