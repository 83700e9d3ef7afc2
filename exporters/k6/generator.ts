import type { Config } from '../../model/config.ts';
import { group, last, ruleWindow } from '../../model/promql.ts';
import { metrics } from './metrics.ts';

/** The pods of runners end in their number and what Kubernetes adds; before that stands the id of the run. */
const podOf = (testid: string, instance: string) => `${testid}-load-${instance}-\\w+`;
const [anyId, anyNumber] = ['.+', '\\d+'];

/** The containers that make the load of this stack, whoever starts them: its coordinators, or k6-operator. */
export const ofGenerators = ({ namespace }: Pick<Config, 'namespace'>) =>
  ({ namespace: `=${namespace}`, pod: `=~${podOf(anyId, anyNumber)}`, container: '=k6' }) as const;

/** Series of generators' containers, with the run and the runner as their own samples have them. */
export const withRunner = (expression: string): string =>
  [
    ['testid', podOf(`(${anyId})`, anyNumber)],
    ['instance_id', podOf(anyId, `(${anyNumber})`)],
  ].reduce(
    (inner, [label, pod = '']) => `label_replace(${inner}, "${label}", "$1", "pod", "${pod.replaceAll('\\', '\\\\')}")`,
    expression,
  );

/** Which service each run is of, of those that have pushed in a window; one at most, whatever a stranger tags. */
export const serviceOfRun = (window: string): string =>
  `topk by (testid) (1, ${group(last(metrics.vus, {}, window), 'testid', 'service')})`;

/** The same as withRunner, and the service, which no pod tells: what a run has pushed does. */
export const withRun = (expression: string, config: Config): string =>
  `${withRunner(expression)} * on (testid) group_left (service) ${serviceOfRun(ruleWindow(config))}`;
