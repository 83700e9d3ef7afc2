import type { Load } from '../k6-jobs/load.ts';
import { loadOf, type ProfileName, profiles } from '../k6-jobs/profiles.ts';
import { factsOf, kafkaBot } from './generator.ts';
import type { Engine, PlannedTest, Step } from './plan.ts';

/** What a run is asked for, with all that its load test and its profile say put in. */
export interface Settings {
  readonly profile: ProfileName;
  readonly engine: Engine;
  readonly runners: number;
  readonly load: Load;
  /** Seconds from its start to its end: what comes before the load, and the load. */
  readonly lasts: number;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** A launch that asks for what there is not. Its message names the setting, and says what there is. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const units = { s: 1, m: 60, h: 3600 } as const;

/** @throws SettingsError with the first mistake */
export function settingsOf(test: Omit<PlannedTest, 'template'>, step: Step): Settings {
  const profile = step.profile ?? test.profile;
  if (!Object.hasOwn(profiles, profile))
    throw new SettingsError(`profile: "${profile}" is none of ${Object.keys(profiles).join(', ')}`);
  const engine = step.engine ?? test.engine;
  if (engine !== 'jobs' && engine !== 'operator')
    throw new SettingsError(`engine: "${engine}" is neither jobs nor operator`);
  if (test.scenario === kafkaBot && engine === 'operator')
    throw new SettingsError('engine: k6-operator runs k6 only: launch a Kafka bot with the engine jobs');
  const runners = step.runners ?? test.runners;
  if (!Number.isInteger(runners) || runners < 1 || runners > 200)
    throw new SettingsError(`runners: must be a whole number from 1 to 200, not ${runners}`);

  const { paced, before, parameters: known } = factsOf(test.scenario);
  const changes: Record<string, number> = { ...test.load };
  const parameters: Record<string, string | number> = { ...known, ...test.parameters };
  for (const [name, text] of Object.entries(step.set ?? {})) {
    if (name === 'duration') changes.duration = secondsOf(name, text);
    else if ((name === 'vus' && test.scenario !== kafkaBot) || name === 'rate') changes[name] = amountOf(name, text);
    else if (Object.hasOwn(known, name))
      parameters[name] = typeof known[name] === 'number' ? amountOf(name, text) : text;
    else
      throw new SettingsError(
        `set: ${test.scenario} knows no "${name}"; it knows: ${[...(test.scenario === kafkaBot ? [] : ['vus']), 'rate', 'duration', ...Object.keys(known)].join(', ')}`,
      );
  }
  const load = loadOf(profile, changes);
  if (test.scenario === kafkaBot && load.untilBroken)
    throw new SettingsError(`profile: ${profile} goes by thresholds of k6, which a Kafka bot has not: choose another`);
  const amounts = test.scenario === kafkaBot ? 'messages' : 'iterations';
  if (runners > load[paced])
    throw new SettingsError(
      `runners: ${runners} cannot share ${load[paced]} ${paced === 'vus' ? 'virtual users' : `${amounts} per second`}: ask for fewer runners, or for more ${paced}`,
    );
  if (test.users && paced === 'vus' && load.vus > test.users.count)
    throw new SettingsError(
      `vus: ${load.vus} virtual users need as many users to log in, and users.count of the load test is ${test.users.count}`,
    );
  const lasts = load.duration + (before ? Number(parameters[before]) : 0);
  return { profile, engine, runners, load, lasts, parameters };
}

function amountOf(name: string, text: string): number {
  const amount = Number(text);
  if (!/^\d+$/.test(text) || amount > 1_000_000 || (amount === 0 && (name === 'vus' || name === 'rate')))
    throw new SettingsError(`${name}: must be a whole number from 1 to 1000000, not "${text}"`);
  return amount;
}

/** The seconds of `90s`, `5m` or `1h`. */
export function secondsOf(name: string, text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,5})(s|m|h)$/.exec(text) ?? [];
  if (!amount) throw new SettingsError(`${name}: must be a duration such as 90s, 5m or 1h, not "${text}"`);
  return Number(amount) * units[unit as keyof typeof units];
}
