import { botTemplate } from '../charts/bot.ts';
import { parseConfig } from '../model/config-file.ts';
import { defaultImages } from '../model/images.ts';
import { plannedBot } from '../runs/planned.ts';
import { loadTestMistakes } from '../synth/load-test-mistakes.ts';
import { configOf } from './config-fixture.ts';
import { mistakes } from './config-mistakes.ts';

/** What a config says of Kafka bots, and what becomes of it in the cluster. */

const kafka = 'kafka: [{name: events, brokers: ["kafka.shop.svc:9092"]}]\n';

describe('a mistake is told', () => {
  test.each([
    [
      'a cluster that there is not',
      '{name: b, cluster: audit}',
      /\.cluster: "audit" is not the name of any of kafka: /,
    ],
    ['a service that there is not', '{name: b, cluster: events, service: x}', /\.service: "x" is not the name of any/],
    [
      'topics of others',
      '{name: b, cluster: events, topics: [{name: orders}]}',
      /\.allowWrites: must be true: orders is no topic of the bot's own/,
    ],
    [
      'idempotence that nobody can keep',
      '{name: b, cluster: events, acks: leader, idempotence: true}',
      /\.idempotence: must be false with acks of leader/,
    ],
    ['a codec that the client has not', '{name: b, cluster: events, compression: lz4}', /\.compression: lz4 takes the/],
    [
      'two kinds of messages',
      '{name: b, cluster: events, template: signals, json: "{}"}',
      /\.json: takes the place of/,
    ],
    ['a size that is none', '{name: b, cluster: events, messageSize: big}', /\.messageSize: must be a size such as/],
    ['virtual users', '{name: b, cluster: events, load: {vus: 3}}', /\.load\.vus/],
  ])('%s', (_, bot, expected) => {
    expect(mistakes(`${kafka}kafkaBots: [${bot}]\n`)).toEqual([expect.stringMatching(expected)]);
  });

  test('the name of a load test, from which it could not be told', () => {
    const service = 'services: [{name: a, namespace: a, port: 80}]\n';
    const browse = 'loadTests: [{name: x, scenario: browse, service: a, url: "http://a.a"}]\n';
    expect(mistakes(`${service}${browse}${kafka}kafkaBots: [{name: x, cluster: events}]\n`)).toEqual([
      expect.stringMatching(/kafkaBots\[0\]\.name: "x" is the name of a load test as well/),
    ]);
  });

  test.each([
    [{ runners: 5 }, /^kafkaBots: "b": runners: 5 cannot share 4 messages per second/],
    [{ profile: 'breakpoint' }, /^kafkaBots: "b": profile: breakpoint goes by thresholds of k6/],
  ])('%j, which could never be launched', (changes, expected) => {
    expect(loadTestMistakes(withBot(changes))).toEqual([expect.stringMatching(expected)]);
  });
});

test('suites and schedules launch bots as they do load tests', () => {
  const bots = 'kafkaBots: [{name: x, cluster: events}]\n';
  const launched = 'suites: [{name: s, loadTests: [x]}]\nschedules: [{name: n, cron: "@daily", loadTest: x}]\n';
  expect(() => parseConfig('shop.yaml', `${kafka}${bots}${launched}`)).not.toThrow();
});

describe('in the cluster', () => {
  test('a bot has its own topic, waits for all brokers, and keeps the order, unless it is told otherwise', () => {
    expect(flagsOf({})).toEqual(
      expect.arrayContaining([
        '--bootstrap-servers=kafka.shop.svc:9092',
        '--topic=loadscope.kafka-bot=1',
        '--acks=all',
      ]),
    );
    expect(flagsOf({})).not.toContain('--allow-writes');
    expect(flagsOf({})).not.toContain('--no-idempotence');
    expect(flagsOf({ acks: 'leader' })).toEqual(expect.arrayContaining(['--acks=1', '--no-idempotence']));
    expect(flagsOf({ topics: [{ name: 'orders', weight: 3 }], allowWrites: true })).toEqual(
      expect.arrayContaining(['--topic=orders=3', '--allow-writes']),
    );
  });

  test('it logs in with the Secret of its cluster, whose password is in no flag', () => {
    const changes = { kafka: { tls: true, sasl: { mechanism: 'scram-sha512', credentialsSecret: 'events-login' } } };
    expect(flagsOf({}, changes)).toEqual(expect.arrayContaining(['--tls', '--sasl-mechanism=scram-sha-512']));
    expect(flagsOf({}, changes).join(' ')).not.toContain('password');
    const env = podOf({}, changes).env ?? [];
    expect(env).toContainEqual({
      name: 'SASL_PASSWORD',
      valueFrom: { secretKeyRef: { name: 'events-login', key: 'password' } },
    });
  });

  test('a launch knows the brokers', () => {
    const config = withBot({ load: { rate: 100, duration: '2m' } });
    const [bot] = config.kafkaBots;
    if (!bot) throw new Error('there is no bot');
    expect(plannedBot(bot, config)).toMatchObject({
      scenario: 'kafka-bot',
      url: 'kafka.shop.svc:9092',
      load: { rate: 100, duration: 120 },
    });
  });
});

function withBot(changes: object, { kafka: ofCluster = {} }: { kafka?: object } = {}) {
  return configOf({
    kafka: [{ name: 'events', brokers: ['kafka.shop.svc:9092'], ...ofCluster }],
    kafkaBots: [{ name: 'b', cluster: 'events', ...changes }],
  });
}

function podOf(changes: object, more?: { kafka?: object }) {
  const config = withBot(changes, more);
  const [bot] = config.kafkaBots;
  if (!bot) throw new Error('there is no bot');
  return botTemplate(bot, config, defaultImages, undefined).spec.containers[0];
}

const flagsOf = (changes: object, more?: { kafka?: object }) => podOf(changes, more).args ?? [];
