import { closest } from 'fastest-levenshtein';
import { BotError } from '../options.ts';
import { writeBytes } from './bytes.ts';
import { type Filling, placeholders, type Setting, type Writer } from './placeholders.ts';

/** A text with placeholders, made ready to be filled in many times. */
export interface Filled extends Writer {
  /** Whether it is the same in all messages. */
  readonly constant: boolean;
}

/** Decisions about a message before those of its placeholders: topic, subject, size, letters. */
const firstDecision = 4;

/** @throws BotError that names the placeholder which there is not, or which is not as it should be */
export function filled(text: string, setting: Setting): Filled {
  const literals = [''];
  const writers: Writer[] = [];
  for (const [index, part] of text.split(/\{\{([^{}]*)\}\}/).entries()) {
    const filling = index % 2 ? fillingOf(part, firstDecision + index, setting) : literal(part);
    if (typeof filling === 'string') literals[writers.length] += filling;
    else {
      writers.push(filling);
      literals.push('');
    }
  }
  const [first = Buffer.alloc(0), ...rest] = literals.map((one) => Buffer.from(one));
  const parts = writers.map(({ write }, index) => ({ write, literal: rest[index] ?? Buffer.alloc(0) }));
  return {
    write: (target, at, moment) => {
      let to = writeBytes(target, at, first);
      for (const { write, literal } of parts) to = writeBytes(target, write(target, to, moment), literal);
      return to;
    },
    longest: Buffer.byteLength(literals.join('')) + writers.reduce((sum, { longest }) => sum + longest, 0),
    constant: writers.length === 0,
  };
}

function literal(text: string): string {
  const open = text.indexOf('{{');
  if (open >= 0) throw new BotError(`${text.slice(open, open + 20)} has no }} at its end`);
  return text;
}

function fillingOf(inside: string, decision: number, setting: Setting): Filling {
  const [name = '', ...words] = inside.trim().split(/\s+/);
  const written = `{{${inside.trim()}}}`;
  const names = Object.keys(placeholders);
  const placeholder = Object.hasOwn(placeholders, name) ? placeholders[name] : undefined;
  if (!placeholder)
    throw new BotError(
      `${written} is no placeholder; did you mean {{${closest(name, names)}}}? There are: ${names.join(', ')}`,
    );
  if (placeholder.about && setting.subjects === undefined)
    throw new BotError(`${written} needs messages with keys: give --keys, such as --keys 1000`);
  const filling = placeholder.make(words, decision, setting);
  if (filling === undefined) throw new BotError(`${written} must be as in {{${placeholder.usage}}}`);
  return filling;
}
