import type { RecordingCase } from '../case.ts';
import { gives, pressureOf, type Series } from '../pressure.ts';

/** How near what MySQL, Redis, Kafka and Elasticsearch can run out of is to its knee, which is at 1. */

/** A metric by instance; each is one series. */
const each = (metric: string, samples: Readonly<Record<string, string>>): Series =>
  Object.fromEntries(
    Object.entries(samples).map(([instance, values]) => [`${metric}{job="x",instance="${instance}"}`, values]),
  );
/** Of the first, what another exporter tells, which takes the place of the one: of counters, each sees a part. */
const replaced = (metric: string, samples: string, instance = 'a'): Series => ({
  [`${metric}{job="y",instance="${instance}"}`]: samples,
});

const mysql: readonly RecordingCase[] = [
  gives(
    pressureOf('mysql-connections', 'utilization', 'instance'),
    '1 at 85 % of those there may be, however few',
    { a: 1, b: 0.5, few: 1 },
    [
      each('mysql_global_status_threads_connected', { a: '85x20', b: '42.5x20', few: '0.0425x20', none: '85x20' }),
      replaced('mysql_global_status_threads_connected', '17x20'),
      each('mysql_global_variables_max_connections', { a: '100x20', b: '100x20', few: '0.05x20', none: '0x20' }),
      replaced('mysql_global_variables_max_connections', '100x20'),
    ],
  ),
  gives(pressureOf('mysql-row-locks', 'saturation', 'instance'), '1 where one waits all the time', { a: 1, b: 0.1 }, [
    each('mysql_global_status_innodb_row_lock_time', { a: '0+9000x20', b: '0+1500x20' }),
    replaced('mysql_global_status_innodb_row_lock_time', '0+6000x20'),
  ]),
  gives(
    pressureOf('mysql-buffer-pool', 'saturation', 'instance'),
    '1 where one read in fifty is from disk, and 0 of few reads',
    { a: 1, within: 0, at: 0, beyond: 1, all: 0, idle: 0 },
    [
      each('mysql_global_status_innodb_buffer_pool_reads', {
        a: '0+400x20',
        within: '0+285x20',
        at: '0+300x20',
        beyond: '0+315x20',
        all: '0+600x20',
        idle: '600x20',
      }),
      replaced('mysql_global_status_innodb_buffer_pool_reads', '0+200x20'),
      each('mysql_global_status_innodb_buffer_pool_read_requests', {
        a: '0+12000x20',
        within: '0+14250x20',
        at: '0+10000x20',
        beyond: '0+15750x20',
        all: '0+600x20',
        idle: '30000x20',
      }),
      replaced('mysql_global_status_innodb_buffer_pool_read_requests', '0+18000x20'),
      replaced('mysql_global_status_innodb_buffer_pool_read_requests', '0+5000x20', 'at'),
    ],
  ),
];

const redis: readonly RecordingCase[] = [
  gives(pressureOf('redis-main-thread', 'utilization', 'instance'), '1 at 80 % of a core', { a: 1, b: 0.5 }, [
    each('redis_cpu_sys_main_thread_seconds_total', { a: '0+4x20', b: '0+1x20' }),
    replaced('redis_cpu_sys_main_thread_seconds_total', '0+2x20'),
    each('redis_cpu_user_main_thread_seconds_total', { a: '0+8x20', b: '0+5x20' }),
    replaced('redis_cpu_user_main_thread_seconds_total', '0+3x20'),
  ]),
  gives(
    pressureOf('redis-memory', 'errors', 'instance'),
    '1 with an eviction in a hundred commands, and none where nobody asks',
    { a: 1, b: 0, small: 50 },
    [
      each('redis_evicted_keys_total', { a: '0+9x20', b: '0x20', small: '0+0.5x20', idle: '3x20' }),
      replaced('redis_evicted_keys_total', '0+6x20'),
      each('redis_commands_processed_total', { a: '0+1000x20', b: '0+15x20', small: '0+1x20', idle: '300x20' }),
      replaced('redis_commands_processed_total', '0+500x20'),
    ],
  ),
  gives(
    pressureOf('redis-clients', 'utilization', 'instance'),
    '1 at 85 % of those there may be, however few',
    { a: 1, b: 0.5, few: 1 },
    [
      each('redis_connected_clients', { a: '8500x20', b: '4250x20', few: '0.0425x20', none: '8500x20' }),
      replaced('redis_connected_clients', '100x20'),
      each('redis_config_maxclients', { a: '10000x20', b: '10000x20', few: '0.05x20', none: '0x20' }),
      replaced('redis_config_maxclients', '10000x20'),
    ],
  ),
];

/** Offsets of the next message of a partition, and of what a group has read. */
const partition = (of: string, written: string, read: string, group = 'g'): Series => {
  const [instance, topic = 't', number = '0'] = of.split(' ');
  const labels = `instance="${instance}",topic="${topic}",partition="${number}"`;
  return {
    [`kafka_topic_partition_current_offset{job="x",${labels}}`]: written,
    [`kafka_consumergroup_current_offset{job="x",${labels},consumergroup="${group}"}`]: read,
  };
};

const consumers = pressureOf('kafka-consumer', 'saturation', 'instance');

const kafka: readonly RecordingCase[] = [
  gives(consumers, '1 where it is 30 s behind, by the group that is furthest', { a: 1, b: 0.5 }, [
    partition('a t 0', '200+100x20', '0+100x20'),
    partition('a t 1', '100+50x20', '0+50x20'),
    partition('a t 0', '200+100x20', '190+100x20', 'quick'),
    // An exporter that is further and further behind.
    {
      'kafka_topic_partition_current_offset{job="y",instance="a",topic="t",partition="0"}': '20+50x20',
      'kafka_consumergroup_current_offset{job="y",instance="a",topic="t",partition="0",consumergroup="g"}': '10+50x20',
    },
    partition('b', '150+150x20', '0+150x20'),
  ]),
  gives(consumers, '1 where it stands still, with three messages to read', { a: 1, b: 1 }, [
    partition('a t 0', '3x20', '0x20'),
    // Of this one it has committed nothing.
    partition('a t 1', '500x20', '-1x20'),
    partition('b t 0', '23x20', '20x20'),
    // Of this one it has read further than was seen.
    partition('b t 1', '20x20', '25x20'),
  ]),
  gives(consumers, 'of what it reads, where a topic was made anew and another is quiet', { a: 1 }, [
    partition('a t 0', '225+7.5x20', '210+7.5x20'),
    partition('a t 1', '900-9x20', '900-9x20'),
    partition('a t 2', '5x20', '5x20'),
  ]),
  gives(consumers, '0 where it is level with the producers', { a: 0 }, [partition('a', '0+150x20', '0+150x20')]),
  gives(pressureOf('kafka-broker', 'errors', 'instance'), '1 with a replica behind', { a: 1, b: 0 }, [
    {
      'kafka_topic_partition_under_replicated_partition{instance="a",topic="t",partition="0"}': '1x20',
      'kafka_topic_partition_under_replicated_partition{instance="a",topic="t",partition="1"}': '1x20',
      'kafka_topic_partition_under_replicated_partition{instance="a",topic="t",partition="2"}': '0x20',
      'kafka_topic_partition_under_replicated_partition{instance="b",topic="t",partition="0"}': '0x20',
    },
  ]),
];

/** With a label more. */
const labelled = (label: string, series: Series): Series =>
  Object.fromEntries(Object.entries(series).map(([name, values]) => [name.replace('}', `,${label}}`), values]));
const ofPool = (type: string, samples: Readonly<Record<string, string>>) =>
  labelled(`type="${type}"`, each('elasticsearch_thread_pool_rejected_count', samples));
const ofHeap = (part: 'used' | 'max', samples: Readonly<Record<string, string>>) =>
  labelled('area="heap"', each(`elasticsearch_jvm_memory_${part}_bytes`, samples));

/** What spans are stored in is not under test. */
const elasticsearch: readonly RecordingCase[] = [
  gives(
    pressureOf('elasticsearch-threads', 'errors', 'instance'),
    '1 with a request refused each second',
    { a: 1, b: 0 },
    [
      ofPool('search', { a: '0+9x20', b: '5x20', 'trace-storage': '0+90x20' }),
      ofPool('write', { a: '0+6x20' }),
      ofPool('get', { a: '0+90x20' }),
    ],
  ),
  gives(
    pressureOf('elasticsearch-heap', 'utilization', 'instance'),
    '1 at 85 % that are not collected in a minute',
    { a: 1, b: 0.1 },
    [
      ofHeap('used', { a: '850x20', b: '850x17 85 850x2', 'trace-storage': '990x20' }),
      ofHeap('max', { a: '1000x20', b: '1000x20', 'trace-storage': '1000x20' }),
    ],
  ),
  gives(
    pressureOf('elasticsearch-disk', 'utilization', 'instance'),
    '1 where nothing can be written',
    { a: 1, b: 0.5 },
    [
      each('elasticsearch_filesystem_data_available_bytes', { a: '50x20', b: '525x20', 'trace-storage': '9x20' }),
      each('elasticsearch_filesystem_data_size_bytes', { a: '1000x20', b: '1000x20', 'trace-storage': '1000x20' }),
    ],
  ),
];

export const resourcesOfSystems: readonly RecordingCase[] = [...mysql, ...redis, ...kafka, ...elasticsearch];
