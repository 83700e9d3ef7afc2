import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Flag, flagTable } from '../../bots/kafka-bot/flag-table.ts';
import { optionsOf } from '../../bots/kafka-bot/flags.ts';
import { variableOf, version } from '../../bots/kafka-bot/given.ts';
import type { Options } from '../../bots/kafka-bot/options.ts';

/** What is made of flags and variables, and what is said of those that are wrong. */

const folder = mkdtempSync(join(tmpdir(), 'kafka-bot-flags-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const words = (line: string): string[] => line.split(' ').filter(Boolean);

const options = (line = '', environment: Record<string, string> = {}): Options => optionsOf(words(line), environment);

function said(line: string, environment: Record<string, string> = {}): string {
  try {
    options(line, environment);
  } catch (error) {
    expect(error).toMatchObject({ name: 'BotError' });
    return (error as Error).message;
  }
  throw new Error(`${line} is taken`);
}

test('without flags it sends orders to a topic of its own, and verifies them', () => {
  const { run, ...rest } = options();
  expect(rest).toEqual({
    role: 'both',
    connection: { brokers: ['localhost:9092'] },
    client: 'kafkajs',
    topics: [{ of: 'loadscope.kafka-bot', weight: 1 }],
    stages: [{ seconds: 60, from: 100, to: 100 }],
    payload: { template: { name: 'order-created' }, key: { kind: 'uniform', count: 10_000 }, seed: 1 },
    delivery: { acks: 'all', compression: 'none', idempotent: true, batchBytes: 65_536 },
    maxBacklog: 1_000_000,
    retry: { initialMs: 1000, maxMs: 60_000 },
    breaker: { failures: 5, cooldownMs: 60_000 },
    groups: { names: [], drainSeconds: 180 },
    metricsPort: 9464,
    create: { partitions: 3 },
    dryRun: false,
  });
  expect(run).toEqual({
    testid: expect.stringMatching(/^kafka-bot-\d{8}-\d{6}$/),
    service: '',
    producer: 0,
    producers: 1,
  });
});

const steady = (rate: number, seconds: number) => ({ stages: [{ seconds, from: rate, to: rate }] });
const payload = (more: object) => ({ payload: expect.objectContaining(more) });
const delivery = (more: object) => ({ delivery: expect.objectContaining(more) });

test.each<[string, object]>([
  [
    '--bootstrap-servers a:1,b.c:2 --bootstrap-servers=kafka-0:9092,[::1]:9',
    { connection: { brokers: ['kafka-0:9092', '[::1]:9'] } },
  ],
  ['--rate 5 --duration 90', steady(5, 90)],
  ['--rate 0.5 --duration 1h30m', steady(0.5, 5400)],
  ['--rate=1000 --duration=2500ms', steady(1000, 2.5)],
  [
    '--stages 100:10s,100-1000:30s,0:5,1000:1m',
    {
      stages: [
        { seconds: 10, from: 100, to: 100 },
        { seconds: 30, from: 100, to: 1000 },
        { seconds: 5, from: 0, to: 0 },
        { seconds: 60, from: 1000, to: 1000 },
      ],
    },
  ],
  ['--metrics-port 0', { metricsPort: 0 }],
  [
    '--topic loadscope.a=3 --topic loadscope.b --topic loadscope.c=0',
    {
      topics: [
        { of: 'loadscope.a', weight: 3 },
        { of: 'loadscope.b', weight: 1 },
      ],
      create: { partitions: 3 },
    },
  ],
  [
    '--topic loadscope.a=0.5,loadscope.b',
    {
      topics: [
        { of: 'loadscope.a', weight: 0.5 },
        { of: 'loadscope.b', weight: 1 },
      ],
    },
  ],
  ['--create-topics 12', { create: { partitions: 12 } }],
  ['--create-topics 0', { create: undefined }],
  ['--topic orders --allow-writes', { topics: [{ of: 'orders', weight: 1 }], create: undefined }],
  ['--topic orders,loadscope.a --allow-writes', { create: undefined }],
  ['--topic orders --allow-writes --create-topics 2', { create: { partitions: 2 } }],
  ['--topic orders --role verify --coordinator-url http://c:1/', { role: 'verify' }],
  ['--client platformatic', { client: 'platformatic' }],
  ['--template signals', payload({ template: { name: 'signals' }, key: { kind: 'uniform', count: 3000 } })],
  ['--template raw', payload({ template: { name: 'raw' }, key: { kind: 'none' } })],
  ['--message-size 1KB', payload({ template: { name: 'raw' }, size: { kind: 'fixed', bytes: 1024 } })],
  ['--message-size 100B-10kb', payload({ size: { kind: 'range', from: 100, to: 10_240 } })],
  ['--message-size 2MB', payload({ size: { kind: 'fixed', bytes: 2_097_152 } })],
  [
    '--message-size 100B=5,1KB=3,10KB',
    payload({
      size: {
        kind: 'list',
        sizes: [
          { of: 100, weight: 5 },
          { of: 1024, weight: 3 },
          { of: 10_240, weight: 1 },
        ],
      },
    }),
  ],
  [
    '--message-size 700 --template stock-data',
    payload({ template: { name: 'stock-data' }, size: { kind: 'fixed', bytes: 700 } }),
  ],
  ['--keys none', payload({ key: { kind: 'none' } })],
  ['--keys 1000', payload({ key: { kind: 'uniform', count: 1000 } })],
  ['--keys zipf:1000', payload({ key: { kind: 'zipf', count: 1000 } })],
  ['--seed 7', payload({ seed: 7 })],
  ['--acks 1', delivery({ acks: 'leader', idempotent: false })],
  ['--acks 0', delivery({ acks: 'none', idempotent: false })],
  ['--acks all --idempotence', delivery({ acks: 'all', idempotent: true })],
  ['--no-idempotence', delivery({ acks: 'all', idempotent: false })],
  ['--compression ZSTD --batch-bytes 1MB', delivery({ compression: 'zstd', batchBytes: 1_048_576 })],
  ['--max-backlog 10', { maxBacklog: 10 }],
  ['--retry-initial 100ms --retry-max 5s', { retry: { initialMs: 100, maxMs: 5000 } }],
  ['--retry-initial 2m', { retry: { initialMs: 120_000, maxMs: 120_000 } }],
  ['--breaker-failures 3 --breaker-cooldown 10s', { breaker: { failures: 3, cooldownMs: 10_000 } }],
  ['--consumer-group a --consumer-group b,c --drain 5m', { groups: { names: ['a', 'b', 'c'], drainSeconds: 300 } }],
  ['--tls', { connection: { brokers: ['localhost:9092'], tls: { insecure: false } } }],
  ['--tls-insecure', { connection: { brokers: ['localhost:9092'], tls: { insecure: true } } }],
  [
    '--testid mine --service shop --producer 2 --producers 3',
    { run: { testid: 'mine', service: 'shop', producer: 2, producers: 3 } },
  ],
  [`--summary ${join(folder, 'summary.json')} --dry-run`, { summaryFile: join(folder, 'summary.json'), dryRun: true }],
])('%s', (line, expected) => {
  const made = options(line);
  for (const [name, value] of Object.entries(expected)) expect(made[name as keyof Options]).toEqual(value);
});

describe('variables', () => {
  test('each flag has one', () => {
    const given = {
      ...{ BOOTSTRAP_SERVERS: 'k:1', TOPIC: 'orders=2,loadscope.a', ALLOW_WRITES: 'true', RATE: '7', DURATION: '8s' },
      ...{ METRICS_PORT: '1', CLIENT: 'platformatic', TEMPLATE: 'raw', MESSAGE_SIZE: '5B', KEYS: '3', ACKS: '1' },
      ...{ IDEMPOTENCE: 'false', COMPRESSION: 'gzip', BATCH_BYTES: '9', MAX_BACKLOG: '4', RETRY_INITIAL: '1ms' },
      ...{ RETRY_MAX: '2ms', BREAKER_FAILURES: '6', BREAKER_COOLDOWN: '3ms', TESTID: 't', SERVICE: 's', DRAIN: '11' },
      ...{ CONSUMER_GROUP: 'g,h', CREATE_TOPICS: '2', DRY_RUN: '1', SEED: '12', ROLE: 'produce', TLS_INSECURE: 'yes' },
    };
    expect(options('', given)).toEqual({
      role: 'produce',
      connection: { brokers: ['k:1'], tls: { insecure: true } },
      client: 'platformatic',
      topics: [
        { of: 'orders', weight: 2 },
        { of: 'loadscope.a', weight: 1 },
      ],
      stages: [{ seconds: 8, from: 7, to: 7 }],
      payload: {
        template: { name: 'raw' },
        size: { kind: 'fixed', bytes: 5 },
        key: { kind: 'uniform', count: 3 },
        seed: 12,
      },
      delivery: { acks: 'leader', compression: 'gzip', idempotent: false, batchBytes: 9 },
      maxBacklog: 4,
      retry: { initialMs: 1, maxMs: 2 },
      breaker: { failures: 6, cooldownMs: 3 },
      run: { testid: 't', service: 's', producer: 0, producers: 1 },
      groups: { names: ['g', 'h'], drainSeconds: 11 },
      metricsPort: 1,
      create: { partitions: 2 },
      dryRun: true,
    });
    const variables = Object.values(flagTable)
      .flat()
      .map((flag: Flag) => variableOf(flag))
      .filter(Boolean);
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables).toEqual(
      expect.arrayContaining([...Object.keys(given), 'STAGES', 'TLS_CA', 'SUMMARY', 'TEMPLATE_FILE']),
    );
  });
  test('a flag wins, an empty one is none', () => {
    const environment = { RATE: '7', TOPIC: 'loadscope.b', DURATION: '', KEYS: '' };
    expect(options('--rate 9 --topic loadscope.a', environment)).toMatchObject({
      ...steady(9, 60),
      topics: [{ of: 'loadscope.a' }],
    });
    expect(options('--stages 5:6s', { RATE: '7', DURATION: '8' })).toMatchObject(steady(5, 6));
    expect(options('--rate 5', { STAGES: '7:7s' })).toMatchObject(steady(5, 60));
    expect(options('--template raw', { TEMPLATE_JSON: '{}' })).toMatchObject(payload({ template: { name: 'raw' } }));
  });
  test('a mistake names the variable', () => {
    expect(said('', { RATE: 'abc' })).toBe('RATE: must be messages per second, above 0 and up to 10000000, not "abc"');
    expect(said('', { IDEMPOTENCE: 'maybe' })).toBe('IDEMPOTENCE: must be true or false, not "maybe"');
    expect(said('', { STAGES: '1:1s', RATE: '5' })).toMatch(/^STAGES and RATE exclude each other/);
  });
});

describe('in the cluster', () => {
  const load = (stages: object[], rate: unknown = 1000) => ({
    LOAD: JSON.stringify({ vus: 1, rate, duration: 60, stages, untilBroken: false }),
  });
  const spike = [
    { seconds: 10, level: 0.1 },
    { seconds: 30, level: 1 },
    { seconds: 20, level: 0 },
  ];
  test('LOAD says how much, in straight lines from 0', () => {
    expect(options('', { ...load(spike), RATE: '7', DURATION: '5' }).stages).toEqual([
      { seconds: 10, from: 0, to: 100 },
      { seconds: 30, from: 100, to: 1000 },
      { seconds: 20, from: 1000, to: 0 },
    ]);
  });
  test.each([
    ['--rate 5', load(spike), /^--rate and LOAD both/],
    ['', { LOAD: '{' }, /^LOAD: must be JSON/],
    ['', { LOAD: 'null' }, /^LOAD: must be JSON/],
    ['', load(spike, 0), /^LOAD: must be JSON with a rate above 0/],
    ['', load([{ seconds: 1, level: 2 }]), /^LOAD: .* level from 0 to 1/],
    ['', load([null as never]), /^LOAD: .* level from 0 to 1/],
    ['', load([]), /^LOAD: not one message/],
  ])('%s %j', (line, environment, expected) => {
    expect(said(line, environment as Record<string, string>)).toMatch(expected);
  });
  const pod = (index: number) => ({
    RUNNERS: '2',
    JOB_COMPLETION_INDEX: String(index),
    BARRIER_URL: 'http://10.0.0.7:8080',
  });
  test.each([
    [0, 'produce'],
    [1, 'produce'],
    [2, 'verify'],
  ])('pod %d of 2 producers is to %s', (index, role) => {
    expect(options('', pod(index))).toMatchObject({
      role,
      run: { producer: index, producers: 2, coordinatorUrl: 'http://10.0.0.7:8080' },
    });
  });
  test('there is one pod beside them, and only where there is a coordinator', () => {
    expect(said('', pod(3))).toBe('JOB_COMPLETION_INDEX: must be from 0 to 1, since --producers is 2, not "3"');
    expect(said('', { ...pod(2), BARRIER_URL: '' })).toMatch(/^JOB_COMPLETION_INDEX: must be from 0 to 1/);
    expect(said('--role produce', pod(2))).toMatch(/^JOB_COMPLETION_INDEX: must be from 0 to 1/);
  });
});

describe('credentials', () => {
  const sasl = '--sasl-mechanism SCRAM-SHA-512 --sasl-username bot';
  const connection = { sasl: { mechanism: 'scram-sha-512', username: 'bot', password: 'hunter2' } };
  test('come from the environment, or from a file', () => {
    expect(options(sasl, { SASL_PASSWORD: 'hunter2' })).toMatchObject({ connection });
    const password = file('password', 'hunter2\n');
    expect(options(`${sasl} --sasl-password-file ${password}`, { SASL_PASSWORD: 'other' })).toMatchObject({
      connection,
    });
  });
  test('are not there by the variable of the password alone', () => {
    expect(options('', { SASL_PASSWORD: 'hunter2' }).connection.sasl).toBeUndefined();
  });
  test.each([
    ['--sasl-password hunter2', /^--sasl-password: everyone who may list processes/],
    ['--sasl-password=hunter2', /^--sasl-password: .*SASL_PASSWORD/],
    ['--sasl-pasword=hunter2', /^unknown option '--sasl-pasword'/],
    ['--sasl-mechanism plain', /^--sasl-mechanism needs --sasl-username/],
    ['--sasl-username bot', /^--sasl-username needs --sasl-mechanism: plain/],
    [sasl, /^--sasl-username needs its password/],
    ['--sasl-mechanism scram --sasl-username bot', /^--sasl-username needs its password/],
  ])('%s', (line, expected) => {
    const message = said(line);
    expect(message).toMatch(expected);
    expect(message).not.toContain('hunter2');
  });
  test('certificates are read', () => {
    const ca = join(import.meta.dirname, '../cli/fixtures/localhost.crt');
    expect(options(`--tls-ca ${ca}`).connection.tls).toEqual({
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
      insecure: false,
    });
    expect(said(`--tls-ca ${ca} --tls-insecure`)).toMatch(/^--tls-ca and --tls-insecure/);
    const none = file('none.pem', 'x');
    expect(said(`--tls-ca ${none}`)).toBe(
      `--tls-ca ${none}: must be a certificate in PEM, which begins with "-----BEGIN CERTIFICATE-----"`,
    );
  });
});

test.each<[string, string | RegExp]>([
  ['--rat 5', "unknown option '--rat' (Did you mean --rate?); see --help for what there is"],
  ['--rate', /^option '--rate <number>' argument missing/],
  ['5', '"5" belongs to no flag; see --help for what there is'],
  ['--dry-run=false', /^"false" belongs to no flag/],
  ['--rate 0', /^--rate: must be messages per second, above 0/],
  ['--rate -1', /^--rate: .* not "-1"$/],
  ['--rate abc', /^--rate: .* not "abc"$/],
  ['--rate 1e9', /^--rate: .* not "1e9"$/],
  ['--rate 0.001', /^--rate: not one message would be due/],
  ['--duration 0', /^--duration: must be a time above 0/],
  ['--duration 5x', /^--duration: must be a time above 0 .*such as 60s, 5m, 1h/],
  ['--duration 8d', /^--duration: .* up to 7d/],
  ['--stages 100:10s --rate 5', '--stages and --rate exclude each other: leave one of them out'],
  ['--stages 100:10s --duration 5', /^--stages and --duration exclude/],
  ['--stages 100', /^--stages: must be rate:time or from-to:time.* not "100"$/],
  ['--stages 100:1s,5-:1s', /not "5-:1s"$/],
  ['--stages 1-2-3:1s', /^--stages: must be/],
  ['--stages 0:10s', '--stages: not one message would be due; ask for a higher rate, or for longer'],
  [
    '--topic order-created',
    /^--topic order-created: whoever consumes it would take test messages for real ones; pass --allow-writes/,
  ],
  ['--topic loadscope.a --topic orders', /^--topic orders: whoever/],
  ['--topic loadscope', /^--topic loadscope: whoever/],
  ['--topic a/b', /^--topic: must be the name of a topic/],
  ['--topic __consumer_offsets --allow-writes', /^--topic: must be the name of a topic/],
  ['--topic loadscope.a=x', /^--topic: must be a weight.*behind "loadscope.a=", not "x"/],
  ['--topic loadscope.a=-1', /^--topic: must be a weight/],
  ['--topic loadscope.a=0,loadscope.b=0', /^--topic: .*add up to 0/],
  ['--topic loadscope.a --topic loadscope.a', /^--topic: names loadscope.a twice/],
  ['--metrics-port 70000', '--metrics-port: must be a whole number from 0 to 65535, not "70000"'],
  ['--client kafkasj', '--client: must be one of kafkajs, platformatic, not "kafkasj"; did you mean kafkajs?'],
  ['--role verify', /^--role verify needs --coordinator-url/],
  ['--role consume', /^--role: must be one of produce, verify, both, not "consume"/],
  ['--template order', /^--template: must be one of order-created,/],
  ['--template raw --template-file x', /^--template and --template-file exclude each other/],
  ['--message-size 0', /^--message-size: must be from 1B to below 100MB/],
  ['--message-size 100MB', /^--message-size: must be from 1B to below 100MB, not "100MB"/],
  ['--message-size 10KB-1KB', /^--message-size: must be a size such as 1KB/],
  ['--message-size 1KB-2KB-3KB', /^--message-size: must be a size/],
  ['--message-size 1GB', /^--message-size: must be a size/],
  ['--message-size 1KB=0', /^--message-size: .*add up to 0/],
  ['--message-size 100B --template order-created', /^--message-size asks for 100 B, and the template takes \d+ B/],
  ['--keys 0', /^--keys: must be none, a number of keys/],
  ['--keys zipf:10000000', /^--keys: .*zipf: and one up to 1000000/],
  ['--seed -1', /^--seed: must be a whole number from 0/],
  ['--acks 2', '--acks: must be one of all, 1, 0, not "2"'],
  ['--acks 0 --idempotence', /^--idempotence needs --acks all/],
  ['--compression brotli', /^--compression: must be one of none, gzip, snappy, lz4, zstd/],
  ['--compression gzpi', /did you mean gzip\?$/],
  ['--batch-bytes 0', /^--batch-bytes: must be a size from 1B/],
  ['--max-backlog 0', /^--max-backlog: must be a whole number from 1/],
  ['--retry-initial 10s --retry-max 5s', '--retry-max: 5 s is less than the 10 s of --retry-initial'],
  ['--bootstrap-servers kafka', /^--bootstrap-servers: must be HOST:PORT.* not "kafka"$/],
  ['--bootstrap-servers kafka:0', /^--bootstrap-servers: must be HOST:PORT/],
  ['--bootstrap-servers http://kafka:9092', /^--bootstrap-servers: must be HOST:PORT/],
  ['--testid My_Test', /^--testid: must be lower-case letters/],
  ['--coordinator-url ftp://x', /^--coordinator-url: must be an http URL/],
  ['--producers 0', /^--producers: must be a whole number from 1/],
  ['--producer 1', /^--producer: must be from 0 to 0, since --producers is 1/],
  ['--consumer-group=', /^--consumer-group: must be a name/],
  ['--summary /nowhere/x.json', '--summary /nowhere/x.json: there is no such folder'],
  ['--summary /tmp', '--summary /tmp: is a folder; name a file'],
  ['--summary /proc/version/x', /^--summary \/proc\/version\/x: cannot be written: ENOTDIR/],
  ['--template-file /nowhere.json', '--template-file /nowhere.json: no such file'],
  [
    '--sasl-mechanism plain --sasl-username a --sasl-password-file /nowhere',
    '--sasl-password-file /nowhere: no such file',
  ],
])('%s is refused', (line, expected) => {
  const message = said(line);
  if (typeof expected === 'string') expect(message).toBe(expected);
  else expect(message).toMatch(expected);
  expect(message).not.toContain('\n');
});

describe('a template of the user', () => {
  test('is read from a file, or from a variable', () => {
    const text = '{"a": {{int 1 5}}, "key": "{{key}}"}\n';
    const template = { template: { text }, key: { kind: 'uniform', count: 5 } };
    expect(options(`--template-file ${file('a.json', text)} --keys 5`)).toMatchObject({ payload: template });
    expect(options('--keys 5', { TEMPLATE_JSON: text })).toMatchObject({ payload: template });
  });
  test.each([
    ['{"a": {{nwo}}}', '{{nwo}} is no placeholder; did you mean {{now}}? There are: k, uuid,'],
    ['{"a": {{int 5 1}}}', '{{int 5 1}} must be as in {{int 1 100}}'],
    ['{"a": {{int 1.5 2}}}', '{{int 1.5 2}} must be as in {{int 1 100}}'],
    ['{"a": {{float 1}}}', '{{float 1}} must be as in {{float 0 1}}'],
    ['{"a": {{pick}}}', '{{pick}} must be as in {{pick BUY SELL}}'],
    ['{"a": {{uuid 4}}}', '{{uuid 4}} must be as in {{uuid}}'],
    ['{"a": "{{key}}"}', '{{key}} needs messages with keys: give --keys'],
    ['{"a": "{{uuid"}', '{{uuid"} has no }} at its end'],
    ['{"a": 1,\n "b": }', 'is not JSON when it is filled in: '],
  ])('%s', (text, expected) => {
    const path = file('b.json', text);
    expect(said(`--template-file ${path}`)).toContain(`--template-file ${path}: ${expected}`);
    expect(said('', { TEMPLATE_JSON: text })).toContain(`TEMPLATE_JSON: ${expected}`);
  });
  test.each([
    ['[1]', 'only a JSON object can be padded'],
    ['{"padding": 1}', 'has a field "padding"'],
    ['{"a": "{{uuid}}"}', '--message-size asks for 50 B, and the template takes 58 B'],
  ])('%s has no size', (text, expected) => {
    expect(said('--message-size 50B', { TEMPLATE_JSON: text })).toContain(`TEMPLATE_JSON: ${expected}`);
  });
});

test.each([
  [
    '--help',
    /Usage: kafka-bot (.|\n)*--bootstrap-servers(.|\n)*\[BOOTSTRAP_SERVERS\](.|\n)*SASL_PASSWORD(.|\n)*Exit codes: 0 pass/,
  ],
  ['--version', new RegExp(`^${version}\n$`)],
])('%s is shown on standard output, and ends with 0', (flag, expected) => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const exit = jest.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  try {
    expect(() => options(flag)).toThrow('exit 0');
    expect(write.mock.calls.map(([text]) => text).join('')).toMatch(expected);
  } finally {
    write.mockRestore();
    exit.mockRestore();
  }
});

test('its version is that of the project', () => {
  const { version: own } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  expect(version).toBe(own);
});

test('the page on it has all flags, each with its variable', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/kafka-bot.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `--'));
  for (const flag of Object.values(flagTable).flat() as Flag[]) {
    const [name = ''] = flag.flag.split(' ');
    const row = rows.find((line) => new RegExp(`^\\| [^|]*\`${name}[ \`]`).test(line));
    expect(row).toContain(`| \`${variableOf(flag) || 'IDEMPOTENCE'}\` |`);
  }
});
