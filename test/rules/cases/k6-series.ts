/** Series of runs with several runners, in their pods. */

export const podOf = (run: string, index = 0) => `${run}-load-${index}-x7k2p`;
export const containerOf = (pod: string, name = 'k6', namespace = 'loadscope') =>
  `namespace="${namespace}",pod="${pod}",container="${name}"`;
export const runner = containerOf(podOf('browse-1'));
/** The second of the same run. */
export const second = containerOf(podOf('browse-1', 1));
export const other = containerOf(podOf('demo-browse-2', 12));
export const elsewhere = containerOf(podOf('browse-1'), 'k6', 'elsewhere');
export const neighbour = containerOf('prometheus-0', 'prometheus');
/** What a mesh puts into the pod of a runner. */
export const sidecar = containerOf(podOf('browse-1'), 'proxy');
/** What starts the runners, and what k6-operator runs beside them. */
export const coordinator = containerOf('browse-1-x7k2p', 'coordinator');
export const initializer = containerOf('browse-1-load-initializer-x7k2p');
export const browse = { testid: 'browse-1', service: 'shop' };

export const tags = (testid: string, instance: number, service = 'shop') =>
  `job="k6",testid="${testid}",service="${service}",instance_id="${instance}"`;
export const users = (testid = 'browse-1', instance = 0, service = 'shop') =>
  `k6_vus{${tags(testid, instance, service)}}`;
/** What the runs have pushed: which service they are of. */
export const pushed = {
  [users()]: '5x20',
  [users('browse-1', 1)]: '5x20',
  [users('demo-browse-2', 12, 'api-gateway')]: '5x20',
};
