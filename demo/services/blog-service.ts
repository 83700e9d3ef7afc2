import { apiServer, ok } from '../lib/api-server.ts';
import { Database } from '../lib/database.ts';
import { notFound } from '../lib/errors.ts';
import { idSchema, type Paging, pageOf, pagingSchema } from '../lib/paging.ts';
import { Resilience } from '../lib/resilience.ts';
import type { Service } from '../lib/run.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import { isSeeded } from '../seed/marker.ts';

/** Posts to read. One that does not exist is a 404, which readers of old links get every day. */
export function blogService(telemetry: Telemetry): Service {
  const database = new Database(telemetry, new Resilience(telemetry.meters));
  const api = apiServer(telemetry);

  api.get<{ Querystring: Paging }>('/api/v1/posts', { schema: { querystring: pagingSchema } }, async ({ query }) => {
    const [posts, [count]] = await Promise.all([
      database.rows('SELECT id, title, author, created_at AS createdAt FROM posts ORDER BY id DESC LIMIT ? OFFSET ?', [
        query.size,
        query.page * query.size,
      ]),
      database.rows<{ total: number }>('SELECT COUNT(*) AS total FROM posts'),
    ]);
    return ok(pageOf(posts, query, count?.total ?? 0));
  });

  api.get<{ Params: { id: number } }>(
    '/api/v1/posts/:id',
    { schema: { params: idSchema } },
    async ({ params: { id } }) => {
      const [post] = await database.rows(
        'SELECT id, title, author, body, created_at AS createdAt FROM posts WHERE id = ?',
        [id],
      );
      if (!post) throw notFound(`post ${id}`);
      return ok(post);
    },
  );

  return { api, checks: { mysql: () => database.aside(isSeeded) }, switches: {}, stop: () => database.close() };
}
