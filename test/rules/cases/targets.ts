import type { RuleCase } from '../case.ts';

const up = 'up{job="zipkin",instance="zipkin"}';

export const targets: readonly RuleCase[] = [
  {
    alert: 'TargetDown',
    when: 'fires after a minute without an answer',
    series: { [up]: '1x15 0x4', 'up{job="zipkin",instance="other"}': '1x20' },
    fires: [{ job: 'zipkin', instance: 'zipkin', severity: 'warning' }],
  },
  { alert: 'TargetDown', when: 'does not fire for a restart', series: { [up]: '1x16 0x2 1x2' }, fires: [] },
  { alert: 'TargetDown', when: 'ends when it is back', series: { [up]: '0x19 1' }, fires: [] },
  { alert: 'TargetDown', when: 'ends when it is monitored no more', series: { [up]: '0x18 stale' }, fires: [] },
  { alert: 'Watchdog', when: 'fires for ever', series: { [up]: '1x20' }, fires: [{ severity: 'info' }] },
  {
    alert: 'Watchdog',
    when: 'fires with nothing else there',
    series: { other: '0x20' },
    at: '0s',
    fires: [{ severity: 'info' }],
  },
];
