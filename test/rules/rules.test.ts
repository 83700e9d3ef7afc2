import { rulesOf } from '../boards.ts';
import { demoConfig } from '../config-fixture.ts';
import { findTool, testWithTool } from '../tool.ts';
import { nameOf } from './case.ts';
import { cases } from './cases/index.ts';
import { unitTest, withWhatTheyRead } from './unit-test.ts';

/** Every rule on simulated series: when an alert fires and when not, and what a recorded series is. */

const promtool = findTool('promtool', '--version');
const rules = rulesOf(demoConfig).groups.flatMap((group) => group.rules);
const nameOfRule = (rule: (typeof rules)[number]) => ('alert' in rule ? rule.alert : rule.record);
const names = [...new Set(rules.map(nameOfRule))];

describe.each(names)('%s', (name) => {
  const own = cases.filter((one) => nameOf(one) === name);
  const read = withWhatTheyRead(rules, (rule) => nameOfRule(rule) === name);

  testWithTool(promtool)(`${own.length} cases`, () => {
    if (!promtool) return;
    expect(unitTest(promtool, read, own)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
  });
});

test('each alert has a case in which it fires and one in which it does not', () => {
  const alerts = new Set(rules.flatMap((rule) => ('alert' in rule ? [rule.alert] : [])));
  const fire = (firing: boolean) =>
    new Set(cases.flatMap((one) => ('alert' in one && one.fires.length > 0 === firing ? [one.alert] : [])));
  expect([...alerts].filter((alert) => !fire(true).has(alert))).toEqual([]);
  expect([...alerts].filter((alert) => !fire(false).has(alert) && alert !== 'Watchdog')).toEqual([]);
});

test('each recorded series has a case', () => {
  const recorded = new Set(rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));
  const tested = new Set(cases.flatMap((one) => ('record' in one ? [one.record] : [])));
  expect([...recorded].filter((record) => !tested.has(record))).toEqual([]);
});

test('no case is of a rule that there is not', () => {
  expect(cases.map(nameOf).filter((name) => !names.includes(name))).toEqual([]);
});

testWithTool(promtool)('a case with the wrong outcome fails', () => {
  if (!promtool) return;
  const wrong = cases.flatMap((one) => ('alert' in one && one.fires.length > 0 ? [{ ...one, fires: [] }] : []));
  const [first] = wrong;
  if (!first) throw new Error('there is no case');
  const read = withWhatTheyRead(rules, (rule) => nameOfRule(rule) === first.alert);
  expect(unitTest(promtool, read, [first])).toMatchObject({ status: 1 });
});
