import type { RunArchive } from '../../archive/archive.ts';

/** A run of a minute, with one of everything that an archive can hold. */
export const archiveOf = (testid = 'browse-1', start = 1_700_000_000): RunArchive => ({
  format: 'loadscope.run',
  version: 1,
  written: '2026-03-01T10:05:00.000Z',
  run: { testid, start, end: start + 60, loadTest: 'browse', scenario: 'browse', engine: 'jobs', runners: 2 },
  verdict: {
    version: 1,
    testid,
    service: 'shop',
    scenario: 'browse',
    start: new Date(start * 1000).toISOString(),
    end: new Date((start + 60) * 1000).toISOString(),
    verdict: 'pass',
    reasons: [],
    budgets: [],
    checks: [{ name: 'stock', state: 'held', text: '0 sold twice' }],
    runners: [{ runner: '0', requests: 600, failed: 1, iterations: 300, dropped: 0, broken: [] }],
  },
  axis: { start, step: 15, count: 5 },
  figures: { p95: [{ labels: {}, values: [null, 0.1, 0.2, 0.1, 0.1] }] },
  places: { 'hikari-pool': { stage: 'pool-wait', depth: 20 } },
  systems: [{ instance: 'shop-db', kind: 'mysql', workload: 'mysql', namespace: 'shop' }],
  endpoints: [
    {
      name: 'product_list',
      method: 'GET',
      requests: 600,
      failed: 1,
      latency: [{ at: start + 10, count: 2, sum: 0.3, buckets: [[0.1, 0.2, 2]] }],
    },
  ],
  panels: [
    {
      title: 'p95',
      description: 'One in twenty took longer.',
      type: 'timeseries',
      unit: 's',
      row: 'k6',
      boards: ['overview'],
      queries: [{ legend: 'p95', instant: false, series: [{ labels: {}, values: [0.1, 0.1, 0.1, 0.1, 0.1] }] }],
    },
  ],
  events: [{ kind: 'restart', at: start + 30, of: 'shop', text: 'Container shop of shop-1 was started anew' }],
  environment: { versions: { k6: '1.3.0' }, services: [], nodes: [], options: { vus: '2' }, configHash: 'ab' },
  traces: [],
  gaps: ['No traces: none were sampled.'],
});
