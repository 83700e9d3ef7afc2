import type { Config } from '../../model/config.ts';
import type { Target } from '../../model/target.ts';
import { eventQueries } from '../../rules/events.ts';
import { ruleFile } from '../../rules/index.ts';
import type { ArchivedSeries, RunEvent } from '../archive.ts';
import type { Asking } from './asking.ts';
import { onAxis } from './series.ts';

/** What Prometheus knows of what happened during the run: alerts, restarts, and pods that came and went. */
export async function measuredEvents(config: Config, targets: readonly Target[], asking: Asking): Promise<RunEvent[]> {
  const ask = async (what: string, expr: string) => onAxis(await asking.range(what, expr), asking.axis);
  const alerts = await ask('Alerts', eventQueries.alerts);
  const restarts = await ask('Restarts', eventQueries.restarts);
  const killed = await ask('Kills for want of memory', eventQueries.killed);
  const pods = await ask('Pods of services', eventQueries.pods);
  return [
    ...alertEvents(alerts, summariesOf(config, targets), asking),
    ...restartEvents(restarts, killed, asking),
    ...podEvents(pods, asking),
  ];
}

type Labels = ArchivedSeries['labels'];

/** What each alert says of itself, as a template. */
const summariesOf = (config: Config, targets: readonly Target[]): ReadonlyMap<string, string> =>
  new Map(
    ruleFile(config, targets).groups.flatMap(({ rules }) =>
      rules.flatMap((rule): [string, string][] =>
        'alert' in rule ? [[rule.alert, rule.annotations.summary ?? '']] : [],
      ),
    ),
  );

/** One for each time that an alert fired. */
function alertEvents(
  series: readonly ArchivedSeries[],
  summaries: ReadonlyMap<string, string>,
  { run, axis }: Asking,
): RunEvent[] {
  return series.flatMap(({ labels, values }): RunEvent[] => {
    const { alertname = '', testid } = labels;
    // Of another run, which went on beside this one.
    if (testid !== undefined && testid !== run.testid) return [];
    const text = textOf(alertname, summaries.get(alertname), labels);
    return values.flatMap((value, index): RunEvent[] => {
      if (value === null || (index > 0 && values[index - 1] !== null)) return [];
      const end = values.findIndex((later, place) => place > index && later === null);
      return [
        {
          kind: 'alert',
          at: axis.start + index * axis.step,
          ...(end < 0 ? {} : { until: axis.start + end * axis.step }),
          of: subjectOf(labels),
          text: index === 0 ? `${text}, since the run began or before` : text,
        },
      ];
    });
  });
}

/** `ContainerOomKilled: Container shop of shop-1 was killed`; the name alone where a value that nobody kept is in it. */
function textOf(alertname: string, summary: string | undefined, labels: Labels): string {
  const said = summary?.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '');
  return said && !said.includes('{{') ? `${alertname}: ${said}` : alertname;
}

const subjectOf = ({ service, pod, instance, testid, job = '' }: Labels): string =>
  service || pod || instance || testid || job;

const containerOf = ({ namespace, pod, container }: Labels) => JSON.stringify([namespace, pod, container]);

/** Containers that were started anew, and why where that is known. */
function restartEvents(
  restarts: readonly ArchivedSeries[],
  killed: readonly ArchivedSeries[],
  { axis }: Asking,
): RunEvent[] {
  const ends = new Map(killed.map((series) => [containerOf(series.labels), series.values]));
  return restarts.flatMap(({ labels, values }): RunEvent[] => {
    const { service, pod = '', container = '' } = labels;
    return steps(values)
      .filter(({ from, to }) => to > from)
      .map(({ index, from, to }) => {
        // The reason is scraped with the count, or right after it.
        const ofMemory = [0, 1].some((later) => ends.get(containerOf(labels))?.[index + later] != null);
        const how = ofMemory ? 'killed for want of memory and started anew' : 'started anew';
        return {
          kind: ofMemory ? 'oom-kill' : 'restart',
          at: axis.start + index * axis.step,
          of: service || pod,
          text: `Container ${container} of ${pod} was ${how}${to - from > 1 ? ` ${to - from} times` : ''}`,
        };
      });
  });
}

/** Services that got more pods, or fewer. */
const podEvents = (pods: readonly ArchivedSeries[], { axis }: Asking): RunEvent[] =>
  pods.flatMap(({ labels: { service = '' }, values }) =>
    steps(values).map(({ index, from, to }) => ({
      kind: 'scale' as const,
      at: axis.start + index * axis.step,
      of: service,
      text: `${from} to ${to} pods that run`,
    })),
  );

/** Where a series changes from one value to another. */
function steps(values: ArchivedSeries['values']): { index: number; from: number; to: number }[] {
  const found: { index: number; from: number; to: number }[] = [];
  let from: number | null = null;
  for (const [index, to] of values.entries()) {
    if (to === null) continue;
    if (from !== null && to !== from) found.push({ index, from, to });
    from = to;
  }
  return found;
}
