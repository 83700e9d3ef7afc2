import { setTimeout as sleep } from 'node:timers/promises';
import { apiServer, ok } from '../lib/api-server.ts';
import { ApiError, unavailable } from '../lib/errors.ts';
import { httpClients } from '../lib/http-client.ts';
import { type Paging, pageOf, searchSchema } from '../lib/paging.ts';
import { Resilience } from '../lib/resilience.ts';
import type { Service } from '../lib/run.ts';
import { setting } from '../lib/settings.ts';
import type { SwitchesOf } from '../lib/switches.ts';
import type { Telemetry } from '../lib/telemetry.ts';

/** The index that the seed fills. */
export const productIndex = 'products';

interface Hits {
  readonly hits: {
    readonly total: { readonly value: number };
    readonly hits: readonly { readonly _id: string; readonly _score: number; readonly _source: object }[];
  };
}

/** Elasticsearch answers from the first ten thousand hits only. */
const deepest = 10_000;

/** Finds products by their name and description. */
export function searchService(telemetry: Telemetry): Service {
  const elasticsearch = httpClients(telemetry, new Resilience(telemetry.meters))(setting('ELASTICSEARCH_URL'));
  let delay = 0;
  const api = apiServer(telemetry, {
    before: async () => {
      if (delay) await sleep(delay);
    },
  });

  api.get<{ Querystring: Paging & { keyword: string } }>(
    '/api/v1/products/search',
    { schema: { querystring: searchSchema } },
    async ({ query: { keyword, ...paging } }) => {
      const from = paging.page * paging.size;
      if (from + paging.size > deepest)
        throw new ApiError(400, 'BAD_REQUEST', `a search ends after ${deepest} hits; make the keyword more precise`);
      const answer = elasticsearch.request({
        method: 'POST',
        path: `/${productIndex}/_search`,
        uri: '/{index}/_search',
        repeat: true,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          from,
          size: paging.size,
          query: { multi_match: { query: keyword, fields: ['name^3', 'category^2', 'description'] } },
        }),
      });
      const { status, body } = await answer.catch((error) => {
        throw unavailable('Elasticsearch', error);
      });
      if (status !== 200) throw new Error(`Elasticsearch answered ${status}: ${body}`);
      const { hits } = JSON.parse(body.toString()) as Hits;
      return ok(
        pageOf(
          hits.hits.map(({ _id, _score, _source }) => ({ id: Number(_id), score: _score, ..._source })),
          paging,
          hits.total.value,
        ),
      );
    },
  );

  return {
    api,
    checks: {
      elasticsearch: async () => {
        const { status } = await elasticsearch.request({
          method: 'HEAD',
          path: `/${productIndex}/_doc/1`,
          uri: '/{index}/_doc/{id}',
        });
        if (status !== 200) throw new Error(`the index ${productIndex} is not filled yet (${status})`);
      },
    },
    switches: {
      'slow-downstream': {
        on: ({ delayMs = 0 }) => {
          delay = delayMs;
        },
        off: () => {
          delay = 0;
        },
      },
    } satisfies SwitchesOf<'search-service'>,
    stop: () => elasticsearch.close(),
  };
}
