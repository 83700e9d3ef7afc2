import { BotError, type Size } from '../options.ts';
import { writeBytes } from './bytes.ts';
import { type Filled, filled } from './filled.ts';
import { Noise } from './noise.ts';
import type { Moment, Setting } from './placeholders.ts';
import { chanceOf } from './random.ts';
import { largestOf, sizer, smallestOf } from './sizes.ts';

/** The value of a message. Nobody may write to it: others may share its bytes. */
export type Values = (moment: Moment) => Buffer;

/** Decisions about a message. */
const [sizeDecision, lettersDecision] = [2, 3];

/** Letters without meaning. */
export function rawValues(size: Size, seed: number): Values {
  const noise = new Noise(seed, largestOf(size));
  const bytes = sizer(size);
  return ({ place }) => noise.part(chanceOf(place, lettersDecision), bytes(chanceOf(place, sizeDecision)));
}

/**
 * JSON with placeholders, padded to the size that is asked for by a field of its own, since it is to stay JSON.
 *
 * @throws BotError where it is not JSON, or does not fit
 */
export function jsonValues(text: string, size: Size | undefined, setting: Setting): Values {
  const message = filled(text, setting);
  const plain = unpadded(message);
  const sample = parsed(plain(example).toString());
  if (!size) return onceIf(message.constant, plain);
  if (typeof sample !== 'object' || sample === null || Array.isArray(sample))
    throw new BotError('only a JSON object can be padded to a size: make it one, or leave out --message-size');
  if ('padding' in sample)
    throw new BotError('has a field "padding", as --message-size adds one: call it something else');
  const before = Buffer.from(`${Object.keys(sample).length ? ',' : ''}"padding":"`);
  return onceIf(message.constant && size.kind === 'fixed', padded(message, size, before, setting.seed));
}

/** Any message is one that can be tried. */
const example: Moment = { k: 0, dueAt: 0, place: 0, subject: 0 };

function onceIf(once: boolean, values: Values): Values {
  if (!once) return values;
  const value = values(example);
  return () => value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BotError(`is not JSON when it is filled in: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`);
  }
}

function unpadded({ longest, write }: Filled): Values {
  const draft = Buffer.alloc(longest);
  return (moment) => Buffer.from(draft.subarray(0, write(draft, 0, moment)));
}

function padded({ longest, write }: Filled, size: Size, before: Buffer, seed: number): Values {
  const after = Buffer.from('"}');
  // Its last brace is written over.
  const [least, smallest] = [longest - 1 + before.length + after.length, smallestOf(size)];
  if (smallest < least)
    throw new BotError(
      `--message-size asks for ${smallest} B, and the template takes ${least} B: ask for more, or for --template raw`,
    );
  const noise = new Noise(seed, largestOf(size));
  const bytes = sizer(size);
  return (moment) => {
    const { place } = moment;
    const value = Buffer.allocUnsafe(bytes(chanceOf(place, sizeDecision)));
    const brace = write(value, 0, moment) - 1;
    const from = writeBytes(value, brace, before);
    const to = value.length - after.length;
    noise.copy(chanceOf(place, lettersDecision), to - from, value, from);
    writeBytes(value, to, after);
    return value;
  };
}
