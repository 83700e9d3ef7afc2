import { createServer, type Server } from 'node:http';
import type { Exposition } from './exposition.ts';

/**
 * Where metrics are scraped, and whether the exporter itself is well.
 *
 * @param expose what a scrape sees; scrapes that come while it is asked for share its answer, so that an Elasticsearch
 * that is slow is not asked more and more
 */
export function server(expose: () => Promise<Exposition>): Server {
  let flight: Promise<Exposition> | undefined;
  const shared = () => {
    flight ??= expose().finally(() => {
      flight = undefined;
    });
    return flight;
  };
  return createServer(({ method, url = '/' }, response) => {
    // Not by URL, which throws on what anybody can send, such as "//".
    const [pathname] = url.split('?');
    if (method !== 'GET') response.writeHead(405).end();
    else if (pathname === '/healthz') response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    else if (pathname === '/metrics')
      shared().then(
        ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
        (error: Error) => response.writeHead(500).end(`${error.message}\n`),
      );
    else response.writeHead(404).end();
  });
}
