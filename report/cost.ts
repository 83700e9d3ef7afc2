import type { RunArchive } from '../archive/archive.ts';
import type { CostRates } from '../model/cost.ts';
import type { DataSystem } from '../model/data-systems.ts';
import { type Integral, integralOf } from './integral.ts';
import type { Texts } from './texts/texts.ts';

/** CPU and memory of a run, and what they cost. What is left out was not to be had. */
export interface Amount {
  /** Core hours. */
  readonly cpuHours?: number;
  /** Hours of a GiB of 2^30 bytes. */
  readonly memoryGibHours?: number;
  /** In the currency of the rates. */
  readonly price?: number;
  /** Per 1,000 requests that succeeded in as much time, whoever answered them. */
  readonly pricePerThousand?: number;
}

export interface CostItem extends Amount {
  readonly name: string;
  readonly kind: 'service' | DataSystem['kind'];
  /** Share of the run that the hours are of, from 0 to 1: gaps in the figures count as nothing used. */
  readonly covered: number;
}

export interface Cost {
  readonly basis: CostRates['basis'];
  readonly currency: CostRates['currency'];
  /** That the hours are of: what was used, from the first point of the run to the last; what is set, the whole run. */
  readonly seconds: number;
  /** Requests that succeeded; left out: not known, or none. */
  readonly requests?: number;
  /** The dearest first, then by core hours. */
  readonly items: readonly CostItem[];
  /** Of the items that have it. */
  readonly total: Amount;
}

const hour = 3600;
const gib = 2 ** 30;

const withoutRates: CostRates = { currency: 'USD', basis: 'usage', overrides: [] };

/** The cost of a run by its services and data systems; hours alone where there are no rates. */
export function costOf(archive: RunArchive, rates: CostRates = archive.rates ?? withoutRates): Cost {
  const { axis, run, endpoints } = archive;
  const length = run.end - run.start;
  // The last point is up to a step before the end.
  const measured = Math.max(axis.count - 1, 0) * axis.step;
  const seconds = rates.basis === 'usage' ? measured : length;
  const requests = succeeded(archive) || undefined;
  const counted = endpoints.length ? length : measured;
  // Requests may have been counted for longer than what is paid for, or for less.
  const perThousand = (price: number | undefined, paid: number) =>
    price === undefined || requests === undefined || paid === 0
      ? undefined
      : (price / requests) * (counted / paid) * 1000;

  const items = subjectsOf(archive)
    .map((subject): CostItem => {
      const { name, kind } = subject;
      const { cpu, memory } =
        rates.basis === 'usage' ? usedBy(subject, archive) : setOf(subject, archive, rates.basis, seconds);
      const cpuHours = cpu && cpu.area / hour;
      const memoryGibHours = memory && memory.area / gib / hour;
      const price = priceOf(name, { cpuHours, memoryGibHours }, rates, length);
      const covered = seconds && Math.min(cpu?.covered ?? 0, memory?.covered ?? 0) / seconds;
      const pricePerThousand = perThousand(price, hourly(name, rates) === undefined ? seconds : length);
      return { name, kind, covered, cpuHours, memoryGibHours, price, pricePerThousand };
    })
    .sort((a, b) => (b.price ?? 0) - (a.price ?? 0) || (b.cpuHours ?? 0) - (a.cpuHours ?? 0));

  return {
    basis: rates.basis,
    currency: rates.currency,
    seconds,
    requests,
    items,
    total: {
      cpuHours: total(items.map(({ cpuHours }) => cpuHours)),
      memoryGibHours: total(items.map(({ memoryGibHours }) => memoryGibHours)),
      price: total(items.map(({ price }) => price)),
      pricePerThousand: total(items.map(({ pricePerThousand }) => pricePerThousand)),
    },
  };
}

/** What is missing in it, each a sentence. */
export function costGaps({ items }: Cost, { costs }: Texts): string[] {
  const unknown = items.filter(
    ({ cpuHours, memoryGibHours, price }) =>
      cpuHours === undefined && memoryGibHours === undefined && price === undefined,
  );
  const names = unknown.map(({ name }) => name).join(', ');
  return [
    ...(names ? [costs.unknown(names)] : []),
    ...items
      .filter(({ covered }) => covered > 0 && covered < 1)
      .map(({ name, covered }) => costs.covered(name, Math.floor(covered * 100))),
  ];
}

interface Subject extends Pick<CostItem, 'name' | 'kind'>, Pick<DataSystem, 'workload' | 'namespace'> {}

/** Data systems have the names of their instances, and their workloads are no services. */
function subjectsOf({ figures, systems }: RunArchive): Subject[] {
  const measured = [figures.cpu, figures.memory, figures.served].flatMap((series) =>
    (series ?? []).flatMap(({ labels }) => labels.service ?? []),
  );
  const names = new Set(measured);
  for (const { workload } of systems) if (workload) names.delete(workload);
  return [
    ...[...names].map((name): Subject => ({ name, kind: 'service', workload: name })),
    ...systems.map(({ instance, ...system }): Subject => ({ name: instance, ...system })),
  ];
}

interface Held {
  /** Core seconds. */
  readonly cpu?: Integral;
  /** Byte seconds. */
  readonly memory?: Integral;
}

function usedBy({ workload }: Subject, { figures, axis }: RunArchive): Held {
  const under = (figure: 'cpu' | 'memory') => {
    const series = figures[figure]?.find(({ labels }) => labels.service === workload);
    const integral = series && integralOf(series.values, axis.step);
    return integral?.covered ? integral : undefined;
  };
  return { cpu: under('cpu'), memory: under('memory') };
}

/** What is set on its containers is taken to have held for the whole run, with the replicas of its end. */
function setOf(
  { workload, namespace: own }: Subject,
  { environment }: RunArchive,
  basis: 'requests' | 'limits',
  seconds: number,
): Held {
  const found = environment.services.find(
    ({ name, namespace }) => name === workload && namespace === (own ?? namespace),
  );
  if (!found) return {};
  const held = (amount: number | undefined) =>
    amount === undefined ? undefined : { area: amount * found.replicas * seconds, covered: seconds };
  return basis === 'requests'
    ? { cpu: held(found.cpuRequest), memory: held(found.memoryRequest) }
    : { cpu: held(found.cpuLimit), memory: held(found.memoryLimit) };
}

/** Undefined without rates, and also where one of the hours is missing: a part would pass for the whole. */
function priceOf(
  name: string,
  { cpuHours, memoryGibHours }: Amount,
  rates: CostRates,
  length: number,
): number | undefined {
  const whole = hourly(name, rates);
  if (whole !== undefined) return (whole * length) / hour;
  const { cpuHour, memoryGibHour } = overrideOf(name, rates) ?? rates;
  if (cpuHour === undefined || memoryGibHour === undefined) return undefined;
  if (cpuHours === undefined || memoryGibHours === undefined) return undefined;
  return cpuHours * cpuHour + memoryGibHours * memoryGibHour;
}

const overrideOf = (name: string, { overrides }: CostRates) => overrides.find((override) => override.name === name);

/** Price of an hour of what is rented as a whole. */
const hourly = (name: string, rates: CostRates): number | undefined => overrideOf(name, rates)?.hour;

/** As endpoints were counted, or else from the rate of requests, for a load that has no endpoints. */
function succeeded({ endpoints, figures, axis }: RunArchive): number | undefined {
  if (endpoints.length) return endpoints.reduce((sum, { requests, failed }) => sum + requests - failed, 0);
  const [rate] = figures.requests ?? [];
  if (!rate) return undefined;
  const [failing] = figures.error_ratio ?? [];
  // Without a request there is no ratio of them either.
  const good = rate.values.map((value, index) => value && value * (1 - (failing?.values[index] ?? 0)));
  return integralOf(good, axis.step).area;
}

/** Of those that are known. */
function total(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length ? known.reduce((sum, value) => sum + value, 0) : undefined;
}
