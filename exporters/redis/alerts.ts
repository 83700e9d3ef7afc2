import { type Alert, systemDown } from '../../model/alert.ts';
import type { Config } from '../../model/config.ts';
import { increase, rate, ratio, ruleWindow, select } from '../../model/promql.ts';
import { ofMemory } from './indicators.ts';
import { metrics } from './metrics.ts';
import { evictedPerCommand, memory } from './use.ts';

/** What of Redis stops a load test, or spoils its results. */
export function alerts(config: Config, health: string): Alert[] {
  const window = ruleWindow(config);
  const hits = rate(metrics.hits, {}, window);
  const misses = rate(metrics.misses, {}, window);
  return [
    systemDown('Redis', health),
    {
      alert: 'RedisMemoryHigh',
      expr: `${memory} > 0.9`,
      for: '1m',
      severity: 'warning',
      summary: 'Redis {{ $labels.instance }} is running out of memory',
      description: `{{ $value | humanizePercentage }} of maxmemory is in use. ${ofMemory}`,
    },
    {
      alert: 'RedisEvicting',
      expr: `${evictedPerCommand(window)} > 0.01`,
      for: '1m',
      severity: 'warning',
      summary: 'Redis {{ $labels.instance }} evicts keys',
      description:
        'It evicts {{ $value | printf "%.2f" }} keys per command to make room. Cached values are gone before anybody asks for them, and the load moves to the database: give it more memory, or cache less.',
    },
    {
      alert: 'RedisConnectionsRefused',
      expr: `${increase(metrics.rejected, {}, window)} > 0`,
      for: '0s',
      severity: 'critical',
      summary: 'Redis {{ $labels.instance }} refuses connections',
      description:
        'About {{ $value | printf "%.0f" }} attempts have just failed because maxclients was reached. Each is an error in a service, and comes from a setting, not from the load: make the pools smaller, or raise maxclients.',
    },
    {
      alert: 'RedisClientsBlocked',
      // Workers of an empty queue are blocked and fine; it is a problem only next to other traffic.
      expr: `${ratio(select(metrics.blocked), select(metrics.clients))} > 0.5 and ${rate(metrics.processed, {}, window)} > 100`,
      for: '1m',
      severity: 'warning',
      summary: 'Most connections of Redis {{ $labels.instance }} are blocked',
      description:
        '{{ $value | humanizePercentage }} of its connections wait in a command such as BLPOP, XREAD or WAIT, and can do nothing else meanwhile. In a cache nothing should block; in a queue it means more workers than work.',
    },
    {
      alert: 'RedisHitRatioLow',
      // Of few reads the ratio says nothing.
      expr: `${hits} / (${hits} + ${misses} > 10) < 0.8`,
      for: '2m',
      severity: 'warning',
      summary: 'Redis {{ $labels.instance }} misses too many reads',
      description:
        'Only {{ $value | humanizePercentage }} of the reads find their key, and the others go to the database. This is normal while a cache fills. Later, check whether keys are evicted, expire too soon, or are never asked for twice.',
    },
    {
      alert: 'RedisReplicationDown',
      expr: `${select(metrics.linkUp)} == 0`,
      for: '1m',
      severity: 'critical',
      summary: 'Redis {{ $labels.instance }} has lost its master {{ $labels.master_host }}',
      description:
        'The replica gets no changes, so reads from it get older all the time, or fail if replica-serve-stale-data is off. Check whether the master answers, then look at the log of the replica: it may be loading its first copy.',
    },
  ];
}
