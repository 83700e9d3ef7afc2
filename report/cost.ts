import type { RunArchive } from '../archive/archive.ts';
import type { CostRates } from '../model/cost.ts';
import type { DataSystem } from '../model/data-systems.ts';
import { type Integral, integralOf } from './integral.ts';

/** CPU and memory of a run, and what they cost. What is left out was not to be had. */
export interface Amount {
  /** Core hours. */
  readonly cpuHours?: number;
  /** Hours of a GiB of 2^30 bytes. */
  readonly memoryGibHours?: number;
  /** In the currency of the rates. */
  readonly price?: number;
  /** Per 1,000 requests of the run that succeeded, whoever answered them. */
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
  /** That the hours are of: from the first point of the run to the last. */
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
  const { axis } = archive;
  const seconds = Math.max(axis.count - 1, 0) * axis.step;
  const requests = succeeded(archive) || undefined;
  const perThousand = (price: number | undefined) =>
    price === undefined || requests === undefined ? undefined : (price / requests) * 1000;

  const items = subjectsOf(archive)
    .map((subject): CostItem => {
      const { name, kind } = subject;
      const { cpu, memory } =
        rates.basis === 'usage' ? usedBy(subject, archive) : setOf(subject, archive, rates.basis, seconds);
      const cpuHours = cpu && cpu.area / hour;
      const memoryGibHours = memory && memory.area / gib / hour;
      const price = priceOf(name, { cpuHours, memoryGibHours }, rates, seconds);
      const covered = seconds && Math.min(cpu?.covered ?? 0, memory?.covered ?? 0) / seconds;
      return { name, kind, covered, cpuHours, memoryGibHours, price, pricePerThousand: perThousand(price) };
    })
    .sort((a, b) => (b.price ?? 0) - (a.price ?? 0) || (b.cpuHours ?? 0) - (a.cpuHours ?? 0));

  const price = total(items.map((item) => item.price));
  return {
    basis: rates.basis,
    currency: rates.currency,
    seconds,
    requests,
    items,
    total: {
      cpuHours: total(items.map(({ cpuHours }) => cpuHours)),
      memoryGibHours: total(items.map(({ memoryGibHours }) => memoryGibHours)),
      price,
      pricePerThousand: perThousand(price),
    },
  };
}

/** What is missing in it, each a sentence. */
export function costGaps({ items }: Cost): string[] {
  const unknown = items.filter(
    ({ cpuHours, memoryGibHours, price }) =>
      cpuHours === undefined && memoryGibHours === undefined && price === undefined,
  );
  const names = unknown.map(({ name }) => name).join(', ');
  return [
    ...(names ? [`CPU and memory hours are not known of: ${names}.`] : []),
    ...items
      .filter(({ covered }) => covered > 0 && covered < 1)
      .map(
        ({ name, covered }) =>
          `CPU and memory of ${name} are known for ${Math.floor(covered * 100)} % of the run, and its hours are of that part.`,
      ),
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
  seconds: number,
): number | undefined {
  const own = rates.overrides.find((override) => override.name === name);
  if (own?.hour !== undefined) return (own.hour * seconds) / hour;
  const { cpuHour, memoryGibHour } = own ?? rates;
  if (cpuHour === undefined || memoryGibHour === undefined) return undefined;
  if (cpuHours === undefined || memoryGibHours === undefined) return undefined;
  return cpuHours * cpuHour + memoryGibHours * memoryGibHour;
}

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
