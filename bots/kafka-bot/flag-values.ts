import { readFileSync } from 'node:fs';
import { closest, distance } from 'fastest-levenshtein';
import { plain } from '../../clients/plain.ts';
import type { Given } from './given.ts';
import { BotError } from './options.ts';

/** How values of flags are read. All throw a BotError that names the flag, or the variable, and what is allowed. */

/** @param allowed what it must be, such as "a whole number" */
export const mistake = ({ from, text }: Given, allowed: string): BotError =>
  new BotError(`${from}: must be ${allowed}, not "${plain(text, 100)}"`);

interface Bounds {
  readonly least?: number;
  readonly most: number;
}

export const whole =
  ({ least = 0, most }: Bounds) =>
  (given: Given): number => {
    const value = /^\d+$/.test(given.text) ? Number(given.text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw mistake(given, `a whole number from ${least} to ${most}`);
  };

const decimal = /^\d+(\.\d+)?$/;

/** Messages per second at the most, which no process comes near. */
export const highestRate = 10_000_000;

export function rate(given: Given): number {
  const value = decimal.test(given.text) ? Number(given.text) : 0;
  if (value > 0 && value <= highestRate) return value;
  throw mistake(given, `messages per second, above 0 and up to ${highestRate}`);
}

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Longer than anybody sends, and short enough for a timer. */
const longest = 7 * 86_400;

/** Seconds of `60s`, `1h30m` or `500ms`, and of a bare number; undefined for what is none of these, 0 or beyond a week. */
export function secondsIn(text: string): number | undefined {
  if (!decimal.test(text) && !/^(\d+(ms|[smhd]))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd]|$)/g)];
  const value = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit || 's'] ?? 0), 0);
  return value > 0 && value <= longest ? value : undefined;
}

export function seconds(given: Given): number {
  const value = secondsIn(given.text);
  if (value !== undefined) return value;
  throw mistake(given, 'a time above 0 and up to 7d, such as 60s, 5m, 1h or 500ms');
}

const scales: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1024, kib: 1024, mb: 2 ** 20, mib: 2 ** 20 };

/** Bytes that a message may have, at most; brokers take 1 MB where they are not told otherwise. */
export const mostBytes = 100 * 2 ** 20 - 1;

/** Bytes of `100B`, `1KB` or `1.5MB`, in units of 1,024, and of a bare number; undefined for what is none of these. */
export function bytesIn(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text.trim()) ?? [];
  const scale = scales[unit.toLowerCase()];
  return amount === undefined || scale === undefined ? undefined : Math.round(Number(amount) * scale);
}

export function bytes(given: Given): number {
  const value = bytesIn(given.text);
  if (value && value <= mostBytes) return value;
  throw mistake(given, 'a size from 1B to below 100MB, such as 500B, 64KB or 1MB');
}

export const choice =
  <Name extends string>(names: readonly Name[]) =>
  (given: Given): Name => {
    const text = given.text.toLowerCase();
    const name = names.find((one) => one === text);
    if (name !== undefined) return name;
    const near = closest(text, [...names]);
    const meant = distance(text, near) <= near.length / 2 ? `; did you mean ${near}?` : '';
    throw new BotError(`${given.from}: must be one of ${names.join(', ')}, not "${plain(given.text, 100)}"${meant}`);
  };

/** Of a flag that takes no value, or of its variable. */
export function isOn(given: Given): boolean {
  if (['true', '1', 'yes', 'on'].includes(given.text.toLowerCase())) return true;
  if (['false', '0', 'no', 'off'].includes(given.text.toLowerCase())) return false;
  throw mistake(given, 'true or false');
}

/** What a file holds. */
export function fileText({ from, text: file }: Given): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new BotError(`${from} ${file}: ${code === 'ENOENT' ? 'no such file' : `cannot be read: ${message}`}`);
  }
  if (!text.trim()) throw new BotError(`${from} ${file}: is empty`);
  return text;
}
