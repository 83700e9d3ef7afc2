import type { Span } from '../clients/zipkin.ts';
import { endpointHeader } from '../runs/traces.ts';

/** What spans are called, by their tags: those of Brave, of OpenTelemetry, and of its older and newer conventions. */

const first = ({ tags = {} }: Span, names: readonly string[]) => names.map((name) => tags[name]).find(Boolean);

/** The other side of a call, such as a database, which has no spans of its own. */
const peerOf = (span: Span): string | undefined =>
  span.kind === 'CLIENT' || span.kind === 'PRODUCER'
    ? span.remoteEndpoint?.serviceName ||
      first(span, [
        'peer.service',
        'db.system',
        'db.system.name',
        'messaging.system',
        'server.address',
        'net.peer.name',
      ])
    : undefined;

/** `mysql select` */
export function nameOf(span: Span): string {
  const { name = '' } = span;
  const peer = peerOf(span);
  return [peer && !name.includes(peer) ? peer : '', name].filter(Boolean).join(' ') || 'unnamed';
}

/** What it was about: a statement, or a path. */
export const detailOf = (span: Span): string | undefined =>
  first(span, ['sql.query', 'db.statement', 'db.query.text', ...paths, 'http.url', 'url.full']);

const paths = ['http.path', 'url.path', 'http.target', 'http.route'];

/** What was asked for: as the load test calls it where the service tags that, or by method and path. */
export function endpointOf(root: Span): string {
  const { name = '' } = root;
  const path = name.includes('/') ? undefined : first(root, paths);
  return first(root, [endpointHeader]) ?? ([name, path].filter(Boolean).join(' ') || 'unnamed');
}

export const hasError = ({ tags = {} }: Span): boolean => tags.error !== undefined && tags.error !== 'false';
