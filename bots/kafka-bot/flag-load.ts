import type { Load } from '../../k6-jobs/load.ts';
import { highestRate, mistake, rate, seconds, secondsIn } from './flag-values.ts';
import { type Given, type GivenFlags, oneOf } from './given.ts';
import { BotError } from './options.ts';
import { Schedule, type Stage } from './schedule.ts';

const [usualRate, usualSeconds] = [100, 60];

/**
 * When how many messages are due: by --stages, by --rate and --duration, or as load tests get it in LOAD, which takes the
 * place of the other variables.
 *
 * @throws BotError
 */
export function stagesOf(given: GivenFlags): readonly Stage[] {
  const load = given.variable('LOAD');
  const [stages, level, duration] = [given.get('stages'), given.get('rate'), given.get('duration')];
  const other = [stages, level, duration].find((one) => one?.byFlag);
  if (load && other) throw new BotError(`${other.from} and LOAD both say how much is sent: leave one of them out`);
  if (load) return checked(load, stagesOfLoad(load));
  if (stages && oneOf(stages, level) === stages && oneOf(stages, duration) === stages)
    return checked(
      stages,
      stages.text.split(',').map((text) => stageOf({ ...stages, text: text.trim() })),
    );
  const steady = level ? rate(level) : usualRate;
  return checked(level ?? duration, [
    { seconds: duration ? seconds(duration) : usualSeconds, from: steady, to: steady },
  ]);
}

function stageOf(given: Given): Stage {
  const [, first = '', last = first, time = ''] = /^([\d.]+)(?:-([\d.]+))?:(.+)$/.exec(given.text) ?? [];
  const [from, to] = [first, last].map((one) => (/^\d+(\.\d+)?$/.test(one) ? Number(one) : Number.NaN)) as [
    number,
    number,
  ];
  const length = secondsIn(time);
  if (length === undefined || !(from <= highestRate) || !(to <= highestRate))
    throw mistake(given, 'rate:time or from-to:time, such as 100:60s,100-1000:30s,1000:1m');
  return { seconds: length, from, to };
}

function stagesOfLoad(given: Given): Stage[] {
  let load: Partial<Load>;
  try {
    load = JSON.parse(given.text);
  } catch {
    throw mistake(given, 'JSON with rate and stages');
  }
  const { rate: peak, stages } = load ?? {};
  if (typeof peak !== 'number' || !(peak > 0 && peak <= highestRate) || !Array.isArray(stages))
    throw mistake(given, 'JSON with a rate above 0 and a list of stages');
  let before = 0;
  return stages.map((one) => {
    const { seconds, level }: Load['stages'][number] = one ?? {};
    if (!(seconds > 0 && level >= 0 && level <= 1))
      throw mistake(given, 'JSON in which each stage has seconds above 0 and a level from 0 to 1');
    const stage = { seconds, from: before * peak, to: level * peak };
    before = level;
    return stage;
  });
}

function checked(given: Given | undefined, stages: readonly Stage[]): readonly Stage[] {
  if (new Schedule(stages).total > 0) return stages;
  throw new BotError(`${given?.from}: not one message would be due; ask for a higher rate, or for longer`);
}
