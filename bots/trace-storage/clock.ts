import { type Elasticsearch, ElasticsearchError } from '../../clients/elasticsearch.ts';

/** Milliseconds that the clocks of the server and of this pod may be apart. */
const tolerance = 3_600_000;

/**
 * What time it is, by the server's clock: its answers have no Date. A clock that is wrong would delete spans of days
 * that are to be kept, so this pod's has to agree; where the user may not ask, it is taken alone.
 *
 * @throws Error where the two disagree
 */
export async function timeOf(server: Elasticsearch, own = Date.now()): Promise<number> {
  const said = await epochOf(server);
  if (said === undefined) return own;
  if (Math.abs(said - own) > tolerance)
    throw new Error(
      `the server's clock says ${new Date(said).toISOString()} and this pod's ${new Date(own).toISOString()}: nothing is done until they agree to the hour`,
    );
  return said;
}

async function epochOf(server: Elasticsearch): Promise<number | undefined> {
  try {
    const [health] = await server.send<{ epoch?: string }[]>('GET', '_cat/health?format=json&h=epoch');
    return Number(health?.epoch) * 1000 || undefined;
  } catch (error) {
    if (error instanceof ElasticsearchError && error.status === 403) return undefined;
    throw error;
  }
}
