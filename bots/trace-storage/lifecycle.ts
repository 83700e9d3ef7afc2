import { type Elasticsearch, ElasticsearchError } from '../../clients/elasticsearch.ts';
import { beginOf } from './day.ts';
import type { DatedIndex, Retention } from './retention.ts';

interface Lifecycle {
  readonly 'index.lifecycle.name'?: string;
  readonly 'index.lifecycle.origination_date'?: string;
}

/**
 * Has the server delete indices by itself, where it has index lifecycle management, even if nobody comes round again. It
 * counts from the day in the name, as spans may come late. An index with a policy of somebody else's is left to that.
 */
export async function entrust(
  server: Elasticsearch,
  { index, days }: Retention,
  kept: readonly DatedIndex[],
  tell: (line: string) => void,
): Promise<void> {
  try {
    if (!(await hasLifecycles(server))) return;
    const policy = `${index}-retention`;
    await putPolicy(server, policy, `${days}d`);
    const settings = await server.send<Record<string, { settings: Lifecycle }>>(
      'GET',
      `${index}-*/_settings/index.lifecycle.*?flat_settings=true`,
    );
    for (const { name, day } of kept) {
      const wanted = { 'index.lifecycle.name': policy, 'index.lifecycle.origination_date': String(beginOf(day)) };
      const has = settings[name]?.settings ?? {};
      if ((has['index.lifecycle.name'] ?? policy) !== policy || includes(has, wanted)) continue;
      await server.send('PUT', `${name}/_settings`, wanted);
      tell(`${name} is under the policy ${policy}`);
    }
  } catch (error) {
    // Of what was to be deleted now, all is.
    if (!(error instanceof ElasticsearchError) || error.status !== 403) throw error;
    tell(`the server is not made to delete by itself, which takes the right to manage policies: ${error.message}`);
  }
}

async function hasLifecycles(server: Elasticsearch): Promise<boolean> {
  try {
    await server.send('GET', '_ilm/status');
    return true;
  } catch (error) {
    // What a server that does not know the path answers depends on what else it has.
    if (error instanceof ElasticsearchError && [400, 404, 405].includes(error.status)) return false;
    throw error;
  }
}

/** Only where it differs: each change is a new version of it. */
async function putPolicy(server: Elasticsearch, name: string, age: string): Promise<void> {
  type Policies = Record<string, { policy: { phases: { delete?: { min_age?: string } } } }>;
  const there = await server.send<Policies>('GET', `_ilm/policy/${name}`).catch((error): Policies => {
    if (error instanceof ElasticsearchError && error.status === 404) return {};
    throw error;
  });
  if (there[name]?.policy.phases.delete?.min_age === age) return;
  await server.send('PUT', `_ilm/policy/${name}`, {
    policy: { phases: { delete: { min_age: age, actions: { delete: {} } } } },
  });
}

const includes = (has: Lifecycle, wanted: Required<Lifecycle>): boolean =>
  has['index.lifecycle.name'] === wanted['index.lifecycle.name'] &&
  has['index.lifecycle.origination_date'] === wanted['index.lifecycle.origination_date'];
