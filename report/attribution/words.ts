import type { UslFit, UslRefusal } from '../usl.ts';
import type { Attribution, Evidence, Sign } from './attribution.ts';

/** What a conclusion says in one language. Durations of minutes come as text. */
export interface Words {
  readonly duration: (minutes: number, seconds: number) => string;
  readonly named: (resource: string, of: string) => string;
  readonly outcomes: Readonly<Record<Attribution['outcome'], string>>;
  readonly began: (after: string, signs: readonly string[]) => string;
  readonly sign: (sign: Sign) => string;
  /** Of what is first, and not sure enough to be named. */
  readonly likeliest: (resource: string, of: string) => string;
  /** No sentence, or one. */
  readonly evidence: Readonly<Record<Evidence['key'], (values: Evidence['values']) => string[]>>;
  readonly followed: (later: readonly string[]) => string;
  readonly later: (resource: string, of: string, after: string) => string;
  readonly confidence: Readonly<Record<NonNullable<Attribution['confidence']>, string>>;
  readonly refused: Readonly<Record<UslRefusal['refused'], (found: number, needed: number) => string>>;
  readonly usl: (fit: UslFit) => string[];
}

export const percent = (share: string | number | undefined): string => `${number(100 * Number(share ?? 0))} %`;

/** @param unit of what is a second or more, with the space before it where the language has one */
export const seconds = (value: string | number | undefined, unit = ' s'): string => {
  const amount = Number(value ?? 0);
  return Math.abs(amount) < 1 ? `${Math.round(amount * 1000)} ms` : `${number(amount)}${unit}`;
};

export const number = (value: string | number | undefined): string => String(Number(Number(value ?? 0).toPrecision(3)));

/** How many times the one is of the other; undefined of nothing. */
export const times = (worst: number, before: number): string | undefined =>
  before > 0 ? number(worst / before) : undefined;
