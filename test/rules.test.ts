import { stringify } from 'yaml';
import { rulesOf } from './boards.ts';
import { fullConfig } from './config-fixture.ts';
import { find, manifestsOf } from './stack-fixture.ts';

/** The rule file of a stack; what its rules do is in test/rules/. */

const alertsOf = (config: unknown) =>
  rulesOf(config).groups.flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule.alert] : [])));

test('the rules that Prometheus gets are those that are tested', () => {
  const stored = find(manifestsOf(fullConfig), 'ConfigMap', 'prometheus-config').data['rules.yml'];
  expect(stored).toBe(stringify(rulesOf(fullConfig), { lineWidth: 0 }));
});

test.each([
  ['mysql', 'Mysql'],
  ['redis', 'Redis'],
  ['kafka', 'Kafka'],
])('without %s there is no alert of it, and every other', (field, prefix) => {
  const all = alertsOf(fullConfig);
  const own = all.filter((alert) => alert.startsWith(prefix));
  expect(own).toContain(`${prefix}Down`);
  expect(alertsOf({ ...fullConfig, [field]: [] })).toEqual(all.filter((alert) => !own.includes(alert)));
});
