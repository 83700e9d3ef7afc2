import { spawn } from 'node:child_process';
import { traces as tracesCommand } from '../../cli/traces.ts';
import { type Span, Zipkin } from '../../clients/zipkin.ts';
import { testidTag, traceIdPrefix } from '../../runs/traces.ts';
import { slowestOf } from '../../traces/search.ts';
import { treeOf } from '../../traces/tree.ts';
import { findTool, testWithTool } from '../tool.ts';
import { fakeForward } from './fake-forward.ts';
import { inProcess, loadscope } from './loadscope.ts';
import { addJob, addRecord, addStack, factsOf, statusOf, until } from './runs-fixture.ts';
import { KubernetesServer } from './runs-server.ts';
import { ZipkinServer } from './zipkin-server.ts';

/** The slowest traces of a run, of a Zipkin that cannot sort by duration. */

const ifKubectl = testWithTool(findTool('kubectl', 'version', '--client'));
const zipkin = new ZipkinServer();
let cluster: KubernetesServer;

jest.setTimeout(60_000);

beforeAll(async () => {
  cluster = await new KubernetesServer().start();
  await zipkin.start();
});
afterAll(async () => {
  await zipkin.stop();
  await cluster.end();
});
beforeEach(() => {
  cluster.clear();
  addStack(cluster);
  zipkin.clear();
});

const launched = Date.parse('2026-03-01T10:00:00Z');
const length = 300_000;
const minutes = (count: number) => new Date(launched + count * 60_000).toISOString();

/** Ids as the run's are, or as those of others. */
const idOf = (testid: string, index: number) => `${traceIdPrefix(testid)}${String(index).padStart(16, '0')}`;

interface Many {
  readonly testid?: string;
  readonly count: number;
  /** Microseconds. */
  readonly duration: (index: number) => number;
  readonly tags?: Readonly<Record<string, string>>;
  /** Spans of each trace beside its root. */
  readonly more?: number;
}

/** Traces that begin one after the other, from the launch on. */
function many({ testid = 'browse-1', count, duration, tags = {}, more = 0 }: Many): void {
  for (let index = 0; index < count; index++) {
    const traceId = idOf(testid, index);
    const timestamp = (launched + Math.floor((index * length) / count)) * 1000;
    const root: Span = {
      ...{ traceId, id: 'a', parentId: 'k', kind: 'SERVER', name: 'get /orders', timestamp, tags },
      ...{ duration: duration(index), localEndpoint: { serviceName: 'gateway' } },
    };
    zipkin.spans.push(root);
    for (let child = 0; child < more; child++)
      zipkin.spans.push({ ...root, id: `b${child}`, parentId: 'a', kind: 'CLIENT', duration: 10, tags: {} });
  }
}

async function slowest(count: number) {
  const client = new Zipkin({ url: new URL(`${zipkin.url}/`), headers: {}, timeout: 10, secrets: [] });
  const prefix = traceIdPrefix('browse-1');
  const result = await slowestOf({
    ...{ begin: launched, end: launched + length, slowest: count },
    rate: (spans) => (spans[0]?.traceId.startsWith(prefix) ? treeOf(spans)?.span.duration : undefined),
    ask: (query) => client.traces(query),
  });
  await client.close();
  return { ...result, durations: result.found.map(({ duration }) => duration), requests: zipkin.asked.length };
}

/** Some order, the same each time; each duration once. */
const shuffled = (count: number) => (index: number) => 1000 + ((index * 7919) % count);

describe('the search', () => {
  test('of few traces is one request', async () => {
    many({ count: 100, duration: shuffled(100) });
    expect(await slowest(3)).toMatchObject({ durations: [1099, 1098, 1097], complete: true, wanted: 100, requests: 1 });
  });
  test('of many is a few, and exact', async () => {
    many({ count: 5000, duration: shuffled(5000) });
    const { durations, complete, requests, looked } = await slowest(10);
    expect(durations).toEqual(Array.from({ length: 10 }, (_, n) => 5999 - n));
    expect(complete).toBe(true);
    expect(requests).toBeLessThanOrEqual(6);
    expect(looked).toBeLessThan(1000);
  });
  test('of some that are slow only at the begin, where Zipkin gives the end first', async () => {
    many({ count: 5000, duration: (index) => (index < 5 ? 900_000 + index : 1000) });
    expect(await slowest(5)).toMatchObject({ durations: [4, 3, 2, 1, 0].map((n) => 900_000 + n), complete: true });
  });
  test('goes through other traffic that is slower by parts of the time', async () => {
    many({ count: 300, duration: shuffled(300) });
    many({ testid: 'other', count: 2000, duration: () => 5_000_000 });
    expect(await slowest(3)).toMatchObject({ durations: [1299, 1298, 1297], complete: true });
  });
  test('asks for less where traces are large, as storage gives no more', async () => {
    many({ count: 400, duration: shuffled(400), more: 59 });
    expect(await slowest(3)).toMatchObject({ durations: [1399, 1398, 1397], complete: true });
  });
  test('comes to an end, and says so, where all began at once', async () => {
    many({ count: 3000, duration: () => 1000 });
    zipkin.spans = zipkin.spans.map((span) => ({ ...span, timestamp: launched * 1000 }));
    expect(await slowest(3)).toMatchObject({ durations: [1000, 1000, 1000], complete: false });
  });
});

function addRun(testid = 'browse-1', more: Parameters<typeof factsOf>[1] = {}): void {
  const run = factsOf(testid, { launched: minutes(0), ...more });
  addRecord(cluster, run, statusOf({ stage: 'over', at: minutes(5) }));
}

const flags = () => ['traces', '-n', 'shop-load', '--kubeconfig', cluster.kubeconfig];
const ask = (...args: string[]) => inProcess(tracesCommand, [...flags(), '--zipkin', zipkin.url, ...args]);
const askOfProcess = (...args: string[]) => loadscope([...flags(), '--zipkin', zipkin.url, ...args]);

describe('loadscope traces', () => {
  ifKubectl('shows the slowest of the last run, and what holds their time', async () => {
    addRun();
    many({ count: 30, duration: (index) => (index === 7 ? 905_000 : 20_000) });
    zipkin.spans.push({
      ...{ traceId: idOf('browse-1', 7), id: 'c', parentId: 'a', kind: 'CLIENT', name: 'select\u001b[2J' },
      ...{ timestamp: (launched + 70_010) * 1000, duration: 812_000, localEndpoint: { serviceName: 'gateway' } },
      tags: { 'db.system': 'mysql', 'sql.query': 'select *\n\u001b]0;x\u0007 from orders' },
    });
    const { status, stdout, stderr } = await askOfProcess('--slowest', '2');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Run browse-1: the 2 slowest of 30 or more traces\n');
    expect(stdout).toMatch(
      /^\w{32} {2}2026-03-01 10:01:10\.000 {2}905 ms {2}get \/orders {2}gateway {11}gateway › mysql select \[2J 812 ms of 905 ms \(90 %\): select \* \]0;x from orders$/m,
    );
    expect(stdout).toMatch(/^gateway {2}mysql select \[2J {2}812 ms {2}88 % {3}1 of 2$/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there.
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  ifKubectl('searches by tag where the service that is called tags', async () => {
    addRun();
    const tags = { [testidTag]: 'browse-1' };
    many({ count: 30, duration: shuffled(30), tags });
    many({ testid: 'other', count: 300, duration: () => 5_000_000 });
    const { status, stdout } = await ask('--output', 'json', '--slowest', '3');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ testid: 'browse-1', looked: 30, wanted: 30, complete: true });
    expect(JSON.parse(stdout).traces.map(({ duration }: { duration: number }) => duration)).toEqual(
      [1029, 1028, 1027].map((time) => time / 1e6),
    );
  });

  ifKubectl('and not where only another does, whose spans may be fast', async () => {
    addRun();
    many({ count: 300, duration: (index) => (index === 5 ? 900_000 : 1000), more: 1 });
    zipkin.spans = zipkin.spans.map((span) =>
      span.id === 'b0' && span.traceId !== idOf('browse-1', 5) ? { ...span, tags: { [testidTag]: 'browse-1' } } : span,
    );
    const { stdout } = await ask('--output', 'json', '--slowest', '1');
    expect(JSON.parse(stdout).traces).toMatchObject([{ traceId: idOf('browse-1', 5), duration: 0.9 }]);
  });

  ifKubectl('only of a service and of an endpoint', async () => {
    addRun();
    many({ count: 4, duration: shuffled(4) });
    zipkin.spans[1] = { ...zipkin.spans[1], name: 'get /products' } as Span;
    zipkin.spans.push({ ...zipkin.spans[2], id: 'x', parentId: 'a', localEndpoint: { serviceName: 'stock' } } as Span);
    const ids = async (...args: string[]) =>
      JSON.parse((await ask('--output', 'json', ...args)).stdout).traces.map(
        ({ traceId }: { traceId: string }) => traceId,
      );
    expect(await ids('--service', 'Stock')).toEqual([idOf('browse-1', 2)]);
    expect(await ids('--endpoint', 'PRODUCTS')).toEqual([idOf('browse-1', 1)]);
  });

  ifKubectl('forwards a port by itself, and ends that', async () => {
    addRun();
    many({ count: 3, duration: shuffled(3) });
    const { path, ended } = fakeForward(cluster.folder, `echo "Forwarding from 127.0.0.1:${zipkin.port} -> 9411"`);
    const { status, stdout, stderr } = await loadscope(flags(), { PATH: path });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Run browse-1: all of its 3 traces\n');
    expect(await ended()).toContain('-n shop-load port-forward service/zipkin :9411');
  });

  ifKubectl('ends it on a signal, too', async () => {
    addRun();
    let asked = false;
    zipkin.instead = () => {
      asked = true;
      return true;
    };
    const { path, ended } = fakeForward(cluster.folder, `echo "Forwarding from 127.0.0.1:${zipkin.port} -> 9411"`);
    const child = spawn(process.execPath, ['cli/loadscope.cjs', ...flags()], { env: { ...process.env, PATH: path } });
    const status = new Promise((resolve) => child.on('close', resolve));
    await until(() => asked);
    child.kill('SIGTERM');
    expect(await status).toBe(143);
    expect(await ended()).toContain('port-forward service/zipkin');
  });

  ifKubectl('says why there is no way to Zipkin', async () => {
    addRun();
    const { path } = fakeForward(
      cluster.folder,
      `echo 'Error from server (NotFound): services "zipkin" not found' >&2; exit 1`,
    );
    const { status, stderr } = await loadscope(flags(), { PATH: path });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: service/zipkin in the namespace shop-load cannot be reached: services "zipkin" not found\n',
    });
  });

  ifKubectl('says what it looked at where there is none', async () => {
    addRun();
    many({ testid: 'other', count: 7, duration: () => 1000 });
    const { status, stdout, stderr } = await askOfProcess();
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^no trace of browse-1 among the 7 that Zipkin has of its time: tracing\.sampling .*\n$/);
    expect(stderr).toMatch(/spans are kept for tracing\.retentionDays, and it ended \d+ d ago\.\n$/);
  });

  type Answer = readonly [status: number, text: string];
  ifKubectl.each<[string, string[], Answer | undefined, RegExp]>([
    ['a run that is not there', ['--testid', 'nope'], undefined, /there is no run nope in the namespace shop-load/],
    ['an id that is none', ['--testid', 'A_b'], undefined, /--testid "A_b": must be lower-case/],
    ['a run without a record', ['--testid', 'fresh-1'], undefined, /fresh-1 has no record yet/],
    ['a run without requests', ['--testid', 'bot-1'], undefined, /bot-1 is a run of the Kafka bot/],
    ['an address that is none', ['--zipkin', 'localhost:9411'], undefined, /--zipkin: must be an http or https URL/],
    ['a password', ['--zipkin', 'http://u:s3cret@h'], undefined, /--zipkin: must hold no user and no password/],
    ['nobody there', ['--zipkin', 'http://127.0.0.1:1'], undefined, /nothing listens there\. Does Zipkin run\?/],
    ['a storage that fails', [], [500, 'all shards failed'], /HTTP 500: all shards failed\. .* its storage may not be/],
    ['another page', [], [200, '<html>Welcome</html>'], /HTTP 200\. There is no API of Zipkin below this address/],
    ['other JSON', [], [200, '{"status":"success"}'], /There is no API of Zipkin below this address/],
    ['another server', [], [404, '404 page not found'], /HTTP 404: .*There is no API of Zipkin/],
    ['a password that is wanted', [], [401, ''], /HTTP 401\. It asks for a password/],
  ])('%s is one line, and 2', async (_, args, answer, said) => {
    addRun();
    addRun('bot-1', { scenario: 'kafka-bot', launched: minutes(-9) });
    if (args.includes('fresh-1')) addJob(cluster, 'fresh-1');
    if (answer)
      zipkin.instead = (_request, response) => {
        response.writeHead(answer[0]).end(answer[1]);
        return true;
      };
    const { status, stdout, stderr } = await ask(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('s3cret');
  });

  ifKubectl.each<[string, string[], RegExp]>([
    ['a number that is none', ['--slowest', '0'], /^error: .*'--slowest <number>' argument '0' is invalid.*\n$/],
    ['nobody there', ['--zipkin', 'http://127.0.0.1:1'], /^error: .* nothing listens there\. Does Zipkin run\?\n$/],
  ])('%s is one line, and 2, as a process', async (_, args, said) => {
    addRun();
    expect(await askOfProcess(...args)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(said) });
  });
});
