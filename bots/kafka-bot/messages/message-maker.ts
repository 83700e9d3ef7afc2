import type { Payload, Weighted } from '../options.ts';
import { chanceOf, placeOf } from './random.ts';
import { subjects } from './subjects.ts';
import { templateOf } from './templates.ts';
import { jsonValues, rawValues } from './values.ts';
import { chooser } from './weighted.ts';

export interface MadeMessage {
  readonly topic: string;
  readonly key: Buffer | null;
  /** Nobody may write to it: others may share its bytes. */
  readonly value: Buffer;
}

/** Message `k` of a run, which is due at a time in milliseconds since 1970. */
export type MessageMaker = (k: number, dueAt: number) => MadeMessage;

/** Decisions about a message. */
const [topicDecision, subjectDecision] = [0, 1];

/** Letters without meaning, where no size is asked for. */
const usual = { kind: 'fixed', bytes: 1024 } as const;

/**
 * Makes the messages of a run. Each depends on nothing but the seed, the run and its number, in whatever order and by
 * whichever producer they are made.
 *
 * @throws BotError where the template cannot be filled in, or not in the size that is asked for
 */
export function messageMaker(
  { template, size, key, seed }: Payload,
  topics: readonly Weighted<string>[],
  testid: string,
): MessageMaker {
  const { text, keys, keyOf } = templateOf(template);
  const about = key.kind === 'none' ? keys : key;
  const subjectAt = about.kind === 'none' ? () => 0 : subjects(about);
  const setting = { testid, seed, subjects: about.kind === 'none' ? undefined : about.count, keyOf };
  const value = text === undefined ? rawValues(size ?? usual, seed) : jsonValues(text, size, setting);
  const topicAt = chooser(topics);
  return (k, dueAt) => {
    const place = placeOf(seed, k);
    const subject = subjectAt(chanceOf(place, subjectDecision));
    return {
      topic: topicAt(chanceOf(place, topicDecision)),
      key: key.kind === 'none' ? null : Buffer.from(keyOf(subject)),
      value: value({ k, dueAt, place, subject }),
    };
  };
}
