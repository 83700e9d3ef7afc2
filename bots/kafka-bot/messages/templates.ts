import type { Payload } from '../options.ts';
import { indicators } from './indicators.ts';
import { orderCreated } from './order-created.ts';
import { shares, symbolOf } from './shares.ts';
import { signals } from './signals.ts';
import { stockData } from './stock-data.ts';
import type { Keys } from './subjects.ts';

/** A kind of messages. */
export interface Template {
  /** JSON with placeholders; left out: letters without meaning, of whatever size is asked for. */
  readonly text?: string;
  /** What its messages are about, which is their key where nothing else is said. */
  readonly keys: Keys;
  readonly keyOf: (subject: number) => string;
}

const numbered = (subject: number): string => String(subject + 1);

const ofShares = (text: string): Template => ({
  text: oneLine(text),
  keys: { kind: 'uniform', count: shares },
  keyOf: symbolOf,
});

/** What it is written in lines for is to be read here. */
const oneLine = (text: string): string => text.replaceAll(/\n\s*/g, ' ').replaceAll(/(?<=^\{) | (?=\}$)/g, '');

export const templates = {
  'order-created': { text: oneLine(orderCreated), keys: { kind: 'uniform', count: 10_000 }, keyOf: numbered },
  'stock-data': ofShares(stockData),
  signals: ofShares(signals),
  indicators: ofShares(indicators),
  raw: { keys: { kind: 'none' }, keyOf: numbered },
} as const satisfies Readonly<Record<string, Template>>;

export type TemplateName = keyof typeof templates;

/** @throws RangeError where there is none of the name */
export function templateOf(template: Payload['template']): Template {
  if ('text' in template) return { text: template.text.trim(), keys: { kind: 'none' }, keyOf: numbered };
  if (!Object.hasOwn(templates, template.name)) throw new RangeError(`there is no template ${template.name}`);
  return templates[template.name as TemplateName];
}
