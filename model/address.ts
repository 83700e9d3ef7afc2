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

/**
 * The namespace of a Service's DNS name (`mysql.shop`, `mysql.shop.svc`, `mysql.shop.svc.cluster.local`),
 * `own` for a bare name, undefined for a host outside the cluster.
 */
export function namespaceOf(host: string, own: string): string | undefined {
  const [first, namespace, svc, ...rest] = host.split('.');
  if (!first || /^\d+(\.\d+){3}$/.test(host)) return undefined;
  if (namespace === undefined) return own;
  if (svc === undefined) return namespace;
  // A pod of a headless Service has one label more: kafka-0.kafka.shop.svc.
  if (svc === 'svc') return namespace;
  if (rest[0] === 'svc') return svc;
  return undefined;
}
