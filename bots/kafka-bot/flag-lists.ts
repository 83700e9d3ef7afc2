import { mistake } from './flag-values.ts';
import type { Given } from './given.ts';
import { BotError, type Weighted } from './options.ts';

/**
 * What is written as NAME or NAME=WEIGHT. Without a weight it is 1; what weighs 0 is left out.
 *
 * @param read what the name stands for
 */
export function weighted<Of>(given: readonly Given[], read: (given: Given) => Of): readonly Weighted<Of>[] {
  const all = given.map((one) => {
    const [, name = '', weight = '1'] = /^([^=]*)(?:=(.*))?$/s.exec(one.text) ?? [];
    if (!/^\d{1,9}(\.\d{1,9})?$/.test(weight))
      throw mistake({ ...one, text: weight }, `a weight, a number such as 3, behind "${name}="`);
    return { of: read({ ...one, text: name.trim() }), weight: Number(weight) };
  });
  const heavy = all.filter(({ weight }) => weight > 0);
  if (!heavy.length) throw new BotError(`${given[0]?.from}: must have a weight above 0 somewhere, as they add up to 0`);
  return heavy;
}
