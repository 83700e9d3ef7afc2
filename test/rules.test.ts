import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { targets } from '../exporters/index.ts';
import { ruleFile } from '../rules/index.ts';
import { configOf, find, fullConfig, manifestsOf } from './stack-fixture.ts';
import { findTool, testWithTool } from './tool.ts';

/** Alerts on simulated series: when they fire, and when not. */

const rules = ruleFile(configOf(fullConfig), targets(configOf(fullConfig)));
const alerts = rules.groups.flatMap((group) => group.rules).filter((rule) => 'alert' in rule);
const promtool = findTool('promtool', '--version');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  writeFileSync(join(folder, 'rules.yml'), stringify(rules, { lineWidth: 0 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Series = Readonly<Record<string, string>>;

/** The instances for which an alert fires, by promtool; a sample a minute. */
function firing(alert: string, minute: number, series: Series, instances: readonly string[]): unknown {
  const { annotations } = alerts.find((rule) => rule.alert === alert) ?? {};
  const job = alert === 'TargetDown' ? { job: 'zipkin' } : {};
  const exp_alerts = instances.map((instance) => ({
    exp_labels: { severity: alert === 'TargetDown' ? 'warning' : 'critical', instance, ...job },
    exp_annotations: Object.fromEntries(
      Object.entries(annotations ?? {}).map(([key, text]) => [
        key,
        text.replaceAll('{{ $labels.instance }}', instance).replaceAll('{{ $labels.job }}', 'zipkin'),
      ]),
    ),
  }));
  const file = join(folder, 'test.yml');
  writeFileSync(
    file,
    stringify({
      rule_files: ['rules.yml'],
      evaluation_interval: '15s',
      tests: [
        {
          interval: '1m',
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          alert_rule_test: [{ eval_time: `${minute}m`, alertname: alert, exp_alerts }],
        },
      ],
    }),
  );
  return promtool?.('test', 'rules', file);
}

const passes = { status: 0 };

describe.each([
  ['MysqlDown', 'mysql_up{job="mysql",instance="a"}'],
  ['RedisDown', 'redis_up{job="redis",instance="a"}'],
])('%s', (alert, series) => {
  testWithTool(promtool)('fires a minute after the system went away, and ends when it is back', () => {
    expect(firing(alert, 4, { [series]: '1 1 0 0 0 1' }, ['a'])).toMatchObject(passes);
    expect(firing(alert, 5, { [series]: '1 1 0 0 0 1' }, [])).toMatchObject(passes);
    // The test itself can fail.
    expect(firing(alert, 4, { [series]: '1 1 0 0 0 1' }, [])).toMatchObject({ status: 1 });
  });

  testWithTool(promtool)('does not fire for a system that answers, a short gap, or another instance', () => {
    expect(firing(alert, 5, { [series]: '1x5' }, [])).toMatchObject(passes);
    expect(firing(alert, 2, { [series]: '1 1 0' }, [])).toMatchObject(passes);
    expect(firing(alert, 5, { [series]: '1x5', [series.replace('"a"', '"b"')]: '0x5' }, ['b'])).toMatchObject(passes);
  });
});

describe('KafkaDown', () => {
  const up = 'up{job="kafka",instance="a"}';
  const offset = 'kafka_topic_partition_current_offset{job="kafka",instance="a",topic="t",partition="0"}';

  testWithTool(promtool)('fires when offsets are no longer to be had, whether the scrape fails or not', () => {
    expect(firing('KafkaDown', 6, { [up]: '1 1 0x6', [offset]: '5 5 stale' }, ['a'])).toMatchObject(passes);
    expect(firing('KafkaDown', 6, { [up]: '1x6', [offset]: '5 5 stale' }, ['a'])).toMatchObject(passes);
  });

  testWithTool(promtool)('does not fire for a topic that nobody writes to', () => {
    expect(firing('KafkaDown', 6, { [up]: '1x6', [offset]: '0x6' }, [])).toMatchObject(passes);
  });
});

describe('TargetDown', () => {
  const up = 'up{job="zipkin",instance="zipkin"}';

  testWithTool(promtool)('fires after five minutes, not for a restart', () => {
    expect(firing('TargetDown', 7, { [up]: '1 0x7' }, ['zipkin'])).toMatchObject(passes);
    expect(firing('TargetDown', 7, { [up]: '1 0 0 1 0 0 1 1' }, [])).toMatchObject(passes);
  });
});

test('the rules of the stack are those that are tested here, and none of a system it has not', () => {
  const stored = find(manifestsOf(fullConfig), 'ConfigMap', 'prometheus-config').data['rules.yml'];
  expect(stored).toBe(stringify(rules, { lineWidth: 0 }));
  const names = (config: unknown) =>
    ruleFile(configOf(config), targets(configOf(config)))
      .groups.flatMap((group) => group.rules)
      .flatMap((rule) => ('alert' in rule ? rule.alert : []));
  expect(names(fullConfig)).toEqual(['TargetDown', 'MysqlDown', 'RedisDown', 'KafkaDown']);
  expect(names({ ...fullConfig, redis: [] })).toEqual(['TargetDown', 'MysqlDown', 'KafkaDown']);
});
