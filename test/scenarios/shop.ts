import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { product } from '../../demo/seed/content.ts';
import type { Endpoint, ScenarioName } from '../../k6-jobs/catalogue.ts';

/** A shop as demo/README.md describes it, small enough to count what it is asked. */

export interface Seen {
  readonly name: string;
  readonly at: number;
  readonly user: string | undefined;
  readonly key: string | undefined;
  readonly status: number;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const products = Array.from({ length: 1000 }, (_, index) => product(index + 1));
const posts = 500;
const coupons = 2;

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});
const ok = (data: unknown, status = 200) => json(status, { success: true, data });
const refusal = (status: number, code: string) => json(status, { success: false, error: { code, message: code } });
const errorPage = (status: number): Answer => ({
  status,
  type: 'text/html',
  body: '<html><h1>502 Bad Gateway</h1></html>',
});

/** What no check may take for good, in turn: each is a mistake that the ones before it are not. */
const mistakes: readonly ((name: Name, good: Answer) => Answer)[] = [
  () => errorPage(502),
  () => refusal(200, 'BROKEN'),
  (_, good) => ({ ...good, status: 502 }),
  () => errorPage(200),
  // What was asked for, in an answer that says it is none.
  (_, { body }) => json(200, { success: false, data: JSON.parse(body).data }),
  (name) => ok(somethingElse(name)),
];

/** In the place of what was asked for: an empty list, something that is no list, another product, no order. */
function somethingElse(name: Name): object {
  if (name === 'product_list' || name === 'product_search' || name === 'post_list') return { content: [], page: -1 };
  return name === 'create_order' ? { id: null } : { id: -1, productId: -1, content: { id: -1 }, status: 'UNKNOWN' };
}

export type Name = Endpoint<ScenarioName>;

/** Which of the catalogue's names a request may have; of those with the same path, the first. */
const routes: readonly (readonly [name: Name, method: string, path: RegExp])[] = [
  ['product_search', 'GET', /^\/api\/v1\/products\/search$/],
  ['sales_ranking', 'GET', /^\/api\/v1\/products\/ranking$/],
  ['product_reviews', 'GET', /^\/api\/v1\/products\/(\d+)\/reviews$/],
  ['product_detail', 'GET', /^\/api\/v1\/products\/(\d+)$/],
  ['product_list', 'GET', /^\/api\/v1\/products$/],
  ['add_to_cart', 'POST', /^\/api\/v1\/cart\/items$/],
  ['create_order', 'POST', /^\/api\/v1\/orders$/],
  ['order_history', 'GET', /^\/api\/v1\/orders$/],
  ['coupon_issue', 'POST', /^\/api\/v1\/coupons\/(\d+)\/issue$/],
  ['post_list', 'GET', /^\/api\/v1\/posts$/],
  ['post_detail', 'GET', /^\/api\/v1\/posts\/(\d+)$/],
];
const forUsers: readonly Name[] = ['add_to_cart', 'create_order', 'order_history', 'coupon_issue'];

/** @param well what is answered as it should be; all else is answered by mistake */
export async function openShop(well: 'all' | readonly Name[]) {
  const seen: Seen[] = [];
  const holders = new Set<string>();

  function answer(name: Name | undefined, id: number, query: URLSearchParams, user: string, body: string): Answer {
    if (!name) return refusal(404, 'NOT_FOUND');
    const good = goodAnswer(name, id, query, user, body);
    if (well === 'all' || well.includes(name)) return good;
    const mistake = mistakes[seen.filter((earlier) => earlier.name === name).length % mistakes.length];
    return mistake?.(name, good) ?? good;
  }

  function goodAnswer(name: Name, id: number, query: URLSearchParams, user: string, body: string): Answer {
    if (forUsers.includes(name) && !user) return refusal(401, 'UNAUTHORIZED');
    const page = Number(query.get('page'));
    const size = Number(query.get('size'));
    const pageOf = <Entry>(all: readonly Entry[]) =>
      ok({ content: all.slice(page * size, (page + 1) * size), page, size, totalPages: Math.ceil(all.length / size) });
    switch (name) {
      case 'product_list':
        return pageOf(products);
      case 'product_detail':
        return products[id - 1] ? ok(products[id - 1]) : refusal(404, 'NOT_FOUND');
      case 'product_search': {
        const words = (query.get('keyword') ?? '').split(' ');
        return pageOf(products.filter(({ name }) => name.split(' ').some((word) => words.includes(word))));
      }
      case 'sales_ranking':
        return ok([]);
      case 'product_reviews':
      case 'order_history':
        return ok({ content: [] });
      case 'add_to_cart':
        return ok(JSON.parse(body));
      case 'create_order':
        return seen.length % 5 === 4 ? refusal(409, 'OUT_OF_STOCK') : ok({ id: `order-${seen.length}` }, 201);
      case 'coupon_issue':
        if (holders.has(user)) return refusal(409, 'DUPLICATE');
        if (holders.size >= coupons) return refusal(410, 'SOLD_OUT');
        holders.add(user);
        return ok({ status: 'QUEUED', couponId: id });
      case 'post_list':
        return pageOf(Array.from({ length: posts }, (_, index) => ({ id: posts - index })));
      default:
        return id <= posts ? ok({ id }) : refusal(404, 'NOT_FOUND');
    }
  }

  const server = createServer(async (request, response) => {
    const at = Date.now();
    const body = await textOf(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop');
    // What runners ask until somebody answers.
    if (pathname === '/') return response.end();
    const [name, , path] =
      routes.find(([, method, pattern]) => request.method === method && pattern.test(pathname)) ?? [];
    const user = request.headers.authorization?.replace('Bearer ', '');
    const given = answer(name, Number(path?.exec(pathname)?.[1]), searchParams, user ?? '', body);
    const key = request.headers['idempotency-key'];
    seen.push({ name: name ?? pathname, at, user, key: key?.toString(), status: given.status });
    response.writeHead(given.status, { 'content-type': given.type }).end(given.body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
