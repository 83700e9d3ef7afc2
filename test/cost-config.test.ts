import { parseConfig } from '../model/config-file.ts';
import { mistakes, service } from './config-mistakes.ts';

/** What the config says of the price of a run. */

const costOf = (text: string) => parseConfig('shop.yaml', text).cost;

test('a config that says nothing of it has no rates', () => {
  expect(costOf('namespace: a')).toEqual({ currency: 'USD', basis: 'usage', overrides: [] });
});

test('services and data systems may have rates of their own, those of the demo too', () => {
  const overrides = (name: string) =>
    `demo: true\nservices: [${service}]\ncost: {overrides: [{name: ${name}, hour: 1}]}`;
  for (const name of ['a', 'demo-mysql']) expect(costOf(overrides(name)).overrides).toEqual([{ name, hour: 1 }]);
});

describe('refused is', () => {
  const half =
    'has one of cpuHour and memoryGibHour, and needs both: a price would be too low without the other. What is free is 0';
  const all = 'needs either cpuHour and memoryGibHour or hour, and not all of them';
  const override = (text: string) => `services: [${service}]\ncost:\n  overrides:\n    - {${text}}\n`;

  test.each<[string, string, string]>([
    ['half a price', 'cost: {cpuHour: 0.03}\n', `shop.yaml:1:7: cost: ${half}`],
    [
      'a negative one',
      'cost: {cpuHour: -1, memoryGibHour: 0}\n',
      'shop.yaml:1:17: cost.cpuHour: must be a price per hour, 0 or more, not -1',
    ],
    [
      'a currency in other letters',
      'cost: {currency: euro}\n',
      'shop.yaml:1:18: cost.currency: must be a currency code of ISO 4217, for example EUR, not "euro"',
    ],
    [
      'one that there is not',
      'cost: {currency: EUX}\n',
      'shop.yaml:1:18: cost.currency: must be a currency code of ISO 4217, for example EUR',
    ],
    [
      'rates of what there is not',
      override('name: b, hour: 1'),
      'shop.yaml:4:14: cost.overrides[0].name: "b" is not the name of any service or data system: a',
    ],
    ['rates of its own that are none', override('name: a'), `shop.yaml:4:7: cost.overrides[0]: ${all}`],
    [
      'both kinds',
      override('name: a, cpuHour: 1, memoryGibHour: 1, hour: 1'),
      `shop.yaml:4:7: cost.overrides[0]: ${all}`,
    ],
  ])('%s', (_, text, expected) => {
    expect(mistakes(text)).toEqual([expected]);
  });
});
