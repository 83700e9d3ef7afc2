import { setTimeout as sleep } from 'node:timers/promises';
import { demoPartitions } from '../../model/demo.ts';
import { Database, type Value } from '../lib/database.ts';
import { type HttpClient, httpClients } from '../lib/http-client.ts';
import { adminClient } from '../lib/kafka.ts';
import { Resilience } from '../lib/resilience.ts';
import { setting } from '../lib/settings.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import { hashPassword } from '../lib/tokens.ts';
import { topics } from '../lib/topics.ts';
import { productIndex } from '../services/search-service.ts';
import { coupon, couponKinds, post, product, review, user } from './content.ts';
import { schema } from './schema.ts';

/** How much there is of everything: `demo.seed` of the config. */
interface Sizes {
  readonly users: number;
  readonly products: number;
  readonly stock: number;
  readonly points: number;
  readonly coupons: number;
  readonly posts: number;
  readonly reviews: number;
}

const rowsAtOnce = 1000;

/** Ids from 1, in chunks of one statement each. */
function* chunks(count: number): Generator<number[]> {
  for (let from = 1; from <= count; from += rowsAtOnce)
    yield Array.from({ length: Math.min(rowsAtOnce, count - from + 1) }, (_, index) => from + index);
}

/**
 * Fills the shop. What is there stays as it is, stock and points that were spent too, so it may run again;
 * only passwords are brought to what the Secret says. A shop is ready when it is done.
 */
export async function seed(telemetry: Telemetry): Promise<void> {
  const { log } = telemetry;
  const sizes = JSON.parse(setting('SEED')) as Sizes;
  const resilience = new Resilience(telemetry.meters);
  const database = new Database(telemetry, resilience);
  const elasticsearch = httpClients(telemetry, resilience)(setting('ELASTICSEARCH_URL'));

  await Promise.all([
    tables(telemetry, database, sizes),
    waitFor(telemetry, 'Elasticsearch', () => healthy(elasticsearch)).then(() => searchDocuments(elasticsearch, sizes)),
    createTopics(telemetry),
  ]);
  await database.change('INSERT INTO seed (id) VALUES (1) ON DUPLICATE KEY UPDATE finished_at = CURRENT_TIMESTAMP(3)');
  log.info(sizes, 'the shop is filled');
  await Promise.all([database.close(), elasticsearch.close()]);
}

async function tables(telemetry: Telemetry, database: Database, sizes: Sizes): Promise<void> {
  await waitFor(telemetry, 'MySQL', () => database.rows('SELECT 1'));
  for (const statement of schema) await database.change(statement);

  const insert = async (count: number, start: string, row: (id: number) => readonly Value[], end = '') => {
    for (const ids of chunks(count)) {
      const values = ids.map(row);
      const marks = values.map((columns) => `(${columns.map(() => '?').join(', ')})`).join(', ');
      await database.change(`INSERT ${end ? '' : 'IGNORE '}INTO ${start} VALUES ${marks}${end}`, values.flat());
    }
  };
  const hash = await hashPassword(setting('DEMO_USER_PASSWORD'));
  await insert(
    sizes.users,
    'users (id, email, name, password_hash, points)',
    (id) => {
      const { email, name } = user(id);
      return [id, email, name, hash, sizes.points];
    },
    ' ON DUPLICATE KEY UPDATE password_hash = VALUES(password_hash)',
  );
  await insert(sizes.products, 'products (id, name, category, price, stock, description)', (id) => {
    const { name, category, price, description } = product(id);
    return [id, name, category, price, sizes.stock, description];
  });
  await insert(sizes.reviews, 'reviews (id, product_id, rating, text)', (id) => {
    const { productId, rating, text } = review(id, sizes.products);
    return [id, productId, rating, text];
  });
  await insert(couponKinds, 'coupons (id, name, quantity)', (id) => [id, coupon(id).name, sizes.coupons]);
  await insert(sizes.posts, 'posts (id, title, author, body)', (id) => {
    const { title, author, body } = post(id);
    return [id, title, author, body];
  });
}

async function healthy(elasticsearch: HttpClient): Promise<void> {
  const path = '/_cluster/health?wait_for_status=yellow&timeout=1s';
  const { status, body } = await elasticsearch.request({ method: 'GET', path, uri: '/_cluster/health' });
  if (status !== 200) throw new Error(`answered ${status}: ${body}`);
}

async function searchDocuments(elasticsearch: HttpClient, { products }: Sizes): Promise<void> {
  const call = async (method: 'PUT' | 'POST', path: string, type: string, body: string) => {
    const answer = await elasticsearch.request({
      method,
      path,
      uri: '/{index}/**',
      headers: { 'content-type': type },
      body,
      repeat: true,
    });
    const text = answer.body.toString();
    if (answer.status >= 400 && !text.includes('resource_already_exists_exception'))
      throw new Error(`Elasticsearch answered ${answer.status} to ${method} ${path}: ${text}`);
    return text;
  };
  await call('PUT', `/${productIndex}`, 'application/json', JSON.stringify(index));
  for (const ids of chunks(products)) {
    const lines = ids.flatMap((id) => {
      const { name, category, price, description } = product(id);
      return [{ index: { _id: String(id) } }, { name, category, price, description }];
    });
    const answer = await call(
      'POST',
      `/${productIndex}/_bulk`,
      'application/x-ndjson',
      `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`,
    );
    if ((JSON.parse(answer) as { errors: boolean }).errors)
      throw new Error(`Elasticsearch refused documents: ${answer}`);
  }
  await call('POST', `/${productIndex}/_refresh`, 'application/json', '');
}

/** The standard analyzer, since that of Korean is a plugin: words are found as they are written. */
const index = {
  settings: { number_of_shards: 1, number_of_replicas: 0 },
  mappings: {
    properties: {
      name: { type: 'text' },
      category: { type: 'text' },
      description: { type: 'text' },
      price: { type: 'integer' },
    },
  },
};

async function createTopics(telemetry: Telemetry): Promise<void> {
  const admin = adminClient(telemetry);
  await admin.connect();
  // Those that exist would be reported as errors.
  const existing = await admin.listTopics();
  const missing = Object.values(topics).filter((topic) => !existing.includes(topic));
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map((topic) => ({ topic, numPartitions: demoPartitions, replicationFactor: 1 })),
  });
  await admin.disconnect();
}

/** Asks every second; gives up after five minutes, and the Job then tries anew. */
async function waitFor({ log }: Telemetry, system: string, ask: () => Promise<unknown>): Promise<void> {
  for (let left = 300; ; left -= 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (left === 0) throw error;
      if (left % 15 === 0) log.info(`${system} is not there yet: ${(error as Error).message}`);
      await sleep(1000);
    }
  }
}
