import { type Elasticsearch, ElasticsearchError } from '../../clients/elasticsearch.ts';
import { timeOf } from './clock.ts';
import { type Day, daysBefore } from './day.ts';
import { dayOfIndex } from './index-names.ts';
import { entrust } from './lifecycle.ts';

export interface Retention {
  /** What the names of Zipkin's indices begin with. */
  readonly index: string;
  /** How many days are kept, today included. */
  readonly days: number;
  /** Whether it only tells what it would do. */
  readonly dryRun: boolean;
}

export interface StoredIndex {
  readonly name: string;
  /** Undefined for one that is closed. */
  readonly bytes?: number;
}

export interface DatedIndex extends StoredIndex {
  readonly day: Day;
}

/** Which of the indices are over, oldest first, and which of Zipkin's are kept; others are in neither. */
export function plan({ index, days }: Pick<Retention, 'index' | 'days'>, indices: readonly StoredIndex[], now: number) {
  const oldest = daysBefore(now, days - 1);
  const dated = indices
    .flatMap((stored): DatedIndex[] => {
      const day = dayOfIndex(index, stored.name);
      return day ? [{ ...stored, day }] : [];
    })
    .sort((a, b) => a.day.localeCompare(b.day) || a.name.localeCompare(b.name));
  return { over: dated.filter(({ day }) => day < oldest), kept: dated.filter(({ day }) => day >= oldest) };
}

/** Deletes the indices of days that are over, and has the server do so too, where it can. */
export async function retain(server: Elasticsearch, retention: Retention, tell: (line: string) => void): Promise<void> {
  const now = await timeOf(server);
  const { over, kept } = plan(retention, await indicesOf(server, retention.index), now);
  let bytes = 0;
  for (const { name, bytes: of = 0 } of over) {
    if (!retention.dryRun && !(await remove(server, name))) continue;
    tell(`${retention.dryRun ? 'would delete' : 'deleted'} ${name}, ${of} bytes`);
    bytes += of;
  }
  tell(
    `${kept.length} indices are kept, from ${daysBefore(now, retention.days - 1)} on; ${bytes} bytes ${retention.dryRun ? 'would go' : 'are gone'}`,
  );
  if (!retention.dryRun) await entrust(server, retention, kept, tell);
}

async function indicesOf(server: Elasticsearch, index: string): Promise<StoredIndex[]> {
  const rows = await server.send<{ index: string; 'store.size': string | null }[]>(
    'GET',
    `_cat/indices/${index}-*?format=json&bytes=b&h=index,store.size`,
  );
  return rows.map(({ index: name, 'store.size': size }) => ({ name, ...(size ? { bytes: Number(size) } : {}) }));
}

/** By its full name, and alone: so no server refuses it, and none takes more. Whether it was there. */
async function remove(server: Elasticsearch, name: string): Promise<boolean> {
  try {
    await server.send('DELETE', name);
    return true;
  } catch (error) {
    // The server was there first, by its own policy.
    if (error instanceof ElasticsearchError && error.status === 404) return false;
    throw new Error(`${name} is not deleted: ${(error as Error).message}`);
  }
}
