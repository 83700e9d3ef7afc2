import { weighted } from './flag-lists.ts';
import { bytesIn, choice, fileText, mistake, mostBytes, whole } from './flag-values.ts';
import { type Given, type GivenFlags, oneOf } from './given.ts';
import { messageMaker } from './messages/message-maker.ts';
import type { Keys } from './messages/subjects.ts';
import { type TemplateName, templateOf, templates } from './messages/templates.ts';
import { BotError, type Payload, type Size, type Weighted } from './options.ts';

/** What the messages are. It is tried here, so that nobody hears of a mistake in it when the run is under way. */
export function payloadOf(given: GivenFlags, topics: readonly Weighted<string>[], testid: string): Payload {
  const size = given.read('message-size', sizeOf);
  const source = oneOf(given.get('template'), given.get('template-file'), given.variable('TEMPLATE_JSON'));
  const template = templateIn(source, size ? 'raw' : 'order-created');
  const payload: Payload = {
    template,
    ...(size ? { size } : {}),
    key: given.read('keys', keysOf) ?? templateOf(template).keys,
    seed: given.read('seed', whole({ most: 2 ** 32 - 1 })) ?? 1,
  };
  try {
    messageMaker(payload, topics, testid);
  } catch (error) {
    if (!(error instanceof BotError) || !source || !('text' in template)) throw error;
    throw new BotError(`${isFile(source) ? `${source.from} ${source.text}` : source.from}: ${error.message}`);
  }
  return payload;
}

const isFile = ({ from }: Given): boolean => from === '--template-file' || from === 'TEMPLATE_FILE';

function templateIn(source: Given | undefined, usual: TemplateName): Payload['template'] {
  if (!source) return { name: usual };
  if (source.from === 'TEMPLATE_JSON') return { text: source.text };
  return isFile(source) ? { text: fileText(source) } : { name: choice(Object.keys(templates))(source) };
}

const sizeForm = 'a size such as 1KB, a range such as 100B-10KB, or sizes with weights such as 100B=5,1KB=3,10KB=2';

function sizeOf(given: Given): Size {
  const { text } = given;
  if (/[,=]/.test(text)) return { kind: 'list', sizes: weighted(partsOf(given, ','), bytes) };
  const [from = 0, to, ...more] = partsOf(given, '-').map(bytes);
  if (to === undefined) return { kind: 'fixed', bytes: from };
  if (more.length || from > to) throw mistake(given, sizeForm);
  return { kind: 'range', from, to };
}

const partsOf = (given: Given, divider: string): Given[] =>
  given.text.split(divider).map((text) => ({ ...given, text: text.trim() }));

function bytes(part: Given): number {
  const value = bytesIn(part.text);
  if (value === undefined) throw mistake(part, sizeForm);
  if (value < 1 || value > mostBytes) throw mistake(part, 'from 1B to below 100MB');
  return value;
}

/** Keys there may be; fewer where the chance of each is kept in memory. */
const [mostKeys, mostZipfKeys] = [1_000_000_000, 1_000_000];

function keysOf(given: Given): Keys {
  const { text } = given;
  if (text === 'none') return { kind: 'none' };
  const [, zipf, digits] = /^(zipf:)?([1-9]\d*)$/.exec(text) ?? [];
  const count = Number(digits);
  if (!(count <= (zipf ? mostZipfKeys : mostKeys)))
    throw mistake(given, `none, a number of keys up to ${mostKeys}, or zipf: and one up to ${mostZipfKeys}`);
  return { kind: zipf ? 'zipf' : 'uniform', count };
}
