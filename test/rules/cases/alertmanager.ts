import type { AlertCase, RuleCase } from '../case.ts';

const reloaded = (instance: string) =>
  `alertmanager_config_last_reload_successful{job="alertmanager",instance="${instance}"}`;
const reloads: readonly AlertCase[] = [
  {
    when: 'fires after a minute with the configuration of before',
    series: { [reloaded('alertmanager')]: '1x15 0x4', [reloaded('other')]: '1x20' },
    fires: [{ job: 'alertmanager', instance: 'alertmanager', severity: 'critical' }],
  },
  { when: 'does not fire before that', series: { [reloaded('alertmanager')]: '1x16 0x3' }, fires: [] },
  { when: 'does not fire while all is well', series: { [reloaded('alertmanager')]: '1x20' }, fires: [] },
  { when: 'ends when the configuration is mended', series: { [reloaded('alertmanager')]: '0x19 1' }, fires: [] },
  { when: 'ends when it is monitored no more', series: { [reloaded('alertmanager')]: '0x18 stale' }, fires: [] },
].map((one) => ({ alert: 'AlertmanagerConfigReloadFailed', ...one }));

const failed = (integration: string, reason: string) =>
  `alertmanager_notifications_failed_total{job="alertmanager",instance="alertmanager",integration="${integration}",reason="${reason}"}`;
const slack = failed('slack', 'authError');
const told = { instance: 'alertmanager', integration: 'slack', reason: 'authError', severity: 'warning' };
const notifications: readonly AlertCase[] = [
  {
    when: 'fires at the first, and says of what kind it is',
    series: { [slack]: '3x19 4', [failed('slack', 'other')]: '3x20', [failed('email', 'authError')]: '0x20' },
    fires: [told],
  },
  { when: 'fires however few they are', series: { [slack]: '0x19 0.05' }, fires: [told] },
  { when: 'fires nearly five minutes after the last', series: { [slack]: '0x1 1x18' }, fires: [told] },
  { when: 'ends five minutes after the last', series: { [slack]: '0 1x19' }, fires: [] },
  { when: 'does not fire while all get through', series: { [slack]: '7x20' }, fires: [] },
  { when: 'does not fire when a restart sets the counter back', series: { [slack]: '7x10 0x9' }, fires: [] },
  { when: 'ends when it is monitored no more', series: { [slack]: '0x5 9 stale' }, at: '7m', fires: [] },
].map((one) => ({ alert: 'AlertmanagerNotificationsFailing', ...one }));

export const alertmanager: readonly RuleCase[] = [...reloads, ...notifications];
