/** Where something listens: a host and a TCP port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The parts of `host:port`. */
export function parseAddress(text: string): Address {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

/** The address behind a URL, with the port its scheme implies. */
export function urlAddress(text: string): Address {
  const { hostname, port, protocol } = new URL(text);
  return { host: hostname, port: port ? Number(port) : protocol === 'https:' ? 443 : 80 };
}

/** Where an address may lead: to pods of a namespace, to somewhere outside the cluster, or to one of both. */
export interface Whereabouts {
  readonly namespace?: string;
  readonly outside: boolean;
}

/**
 * Reads a Service's DNS name (`mysql`, `mysql.shop`, `mysql.shop.svc`, `kafka-0.kafka.shop.svc.cluster.local`).
 * A name of two labels may be a Service in a namespace or a host in a domain; the name does not tell.
 *
 * @param own the namespace that a bare name is looked up in
 */
export function whereabouts(host: string, own: string): Whereabouts {
  const labels = host.split('.');
  if (host.includes(':') || /^[\d.]+$/.test(host)) return { outside: true };
  if (labels.length === 1) return { namespace: own, outside: false };
  if (labels.length === 2) return { namespace: labels[1], outside: true };
  const svc = labels.indexOf('svc', 2);
  return svc === 2 || svc === 3 ? { namespace: labels[svc - 1], outside: false } : { outside: true };
}
