import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import type { Options } from 'k6/options';
import type { Endpoint } from '../endpoints.ts';
import { budgetThresholds, required } from './env.ts';
import { waitUntilReachable } from './reachable.ts';

/** A visitor who looks: the list of products, then one of them. Writes nothing. */

const url = required('BASE_URL');

export const options: Options = {
  scenarios: {
    browse: {
      executor: 'constant-vus',
      vus: Number(required('VUS')),
      duration: `${required('DURATION')}s`,
    },
  },
  thresholds: {
    checks: ['rate>0.99'],
    ...budgetThresholds('browse'),
  },
  // Without `url`, which would make a series of every product; requests are told apart by the name they are given.
  systemTags: ['proto', 'status', 'method', 'name', 'scenario', 'expected_response', 'check', 'error_code'],
};

export const setup = (): void => waitUntilReachable(url);

const called = (name: Endpoint<'browse'>) => ({ tags: { name } });

interface Product {
  readonly id: number;
}

export default function browse(): void {
  const list = http.get(`${url}/api/v1/products?page=0&size=20`, called('product_list'));
  const products = content(list);
  if (
    !check(list, {
      'product_list answers 200': (r) => r.status === 200,
      'product_list has products': () => products.length > 0,
    })
  ) {
    // An error answers at once: without a pause the visitor would hammer a system that is already failing.
    sleep(1);
    return;
  }
  sleep(0.1);
  const product = products[exec.scenario.iterationInTest % products.length];
  const detail = http.get(`${url}/api/v1/products/${product?.id}`, called('product_detail'));
  check(detail, {
    'product_detail answers 200': (r) => r.status === 200,
    'product_detail is the one asked for': (r) => r.status === 200 && r.json('data.id') === product?.id,
  });
  sleep(0.1);
}

/** The products of a page; none where the answer is an error page or not JSON at all. */
function content(response: RefinedResponse<ResponseType | undefined>): Product[] {
  if (response.status !== 200) return [];
  try {
    const found = response.json('data.content');
    return Array.isArray(found) ? (found as unknown as Product[]) : [];
  } catch {
    return [];
  }
}
