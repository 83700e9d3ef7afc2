import { dryRun } from '../../bots/kafka-bot/dry-run.ts';
import { optionsOf } from '../../bots/kafka-bot/flags.ts';

/** What a dry run shows. */

function shown(line: string, environment: Record<string, string> = {}): string {
  let text = '';
  dryRun(optionsOf(line.split(' ').filter(Boolean), environment), (more) => {
    text += more;
  });
  return text;
}

test('how much comes due, and when', () => {
  const text = shown('--stages 100:30s,100-1000:30s,1000:1m30s,100:500ms --message-size 1KB');
  expect(text).toMatch(/^Nothing is sent/);
  expect(text).toContain('messages    109,550 in 2m30.5s: 728/s on average, 1,000/s at the peak\n');
  expect(text).toContain('bytes       1 KB a message, 727.9 KB/s on average, 1,000 KB/s at the peak, 107 MB in all\n');
  expect(text).toContain(
    [
      'from        until       rate',
      '0s          30s         100/s',
      '30s         1m          100/s to 1,000/s',
      '1m          2m30s       1,000/s',
      '2m30s       2m30.5s     100/s',
    ].join('\n'),
  );
});

test('where it goes, and three messages for each topic', () => {
  const text = shown(
    '--bootstrap-servers k:1,l:2 --topic loadscope.a=3,loadscope.b --tls --sasl-mechanism plain --sasl-username bot',
    {
      SASL_PASSWORD: 'hunter2',
    },
  );
  expect(text).toContain('brokers     k:1, l:2; TLS, as bot by plain\n');
  expect(text).toContain(
    'topics      loadscope.a 75 %, loadscope.b 25 %; those missing are created with 3 partitions\n',
  );
  for (const topic of ['loadscope.a', 'loadscope.b'])
    expect(text).toMatch(new RegExp(`\n${topic}:\n(  \\d+ B, key \\d+: \\{"eventType": "ORDER_CREATED".*\n){3}(\n|$)`));
  expect(text).not.toContain('hunter2');
});

test('messages that are long are cut, and few are all there is', () => {
  const text = shown('--rate 2 --duration 1s --message-size 5MB');
  expect(text.split('\n').filter((line) => line.startsWith('  5,242,880 B: '))).toHaveLength(2);
  for (const line of text.split('\n')) expect(line.length).toBeLessThan(400);
});

test('how it delivers', () => {
  expect(shown('--keys zipf:50 --seed 3')).toContain(
    'template    order-created; 50 keys, few of them frequent (Zipf); seed 3\ndelivery    acknowledged by all replicas in sync; idempotent; compression none; up to 64 KB in a request\n',
  );
  const text = shown('--acks 0 --template raw --compression gzip --topic orders --allow-writes');
  expect(text).toContain('none is created');
  expect(text).toContain('template    raw; no keys: partitions in turn; seed 1\n');
  expect(text).toContain('delivery    not acknowledged; not idempotent; compression gzip; up to 64 KB in a request\n');
});

describe('what it takes to pass', () => {
  test('all by itself', () => {
    expect(shown('--consumer-group a,b --drain 90s')).toContain(
      [
        'passes if   nearly all messages are sent and acknowledged',
        '            each acknowledged message is read back as it was sent, once and in order',
        '            group a has worked them off 1m30s after the load',
        '            group b has worked them off 1m30s after the load\n',
      ].join('\n'),
    );
    expect(shown('--no-idempotence')).toContain('each acknowledged message is read back as it was sent\n');
  });
  test('as one of several', () => {
    const text = shown('--rate 1 --duration 30 --producers 4 --producer 1 --role produce');
    expect(text).toContain('producer    number 1 of 0 to 3, which sends 8 of them\n');
    expect(text).toContain(
      'passes if   nearly all messages are sent and acknowledged\n            its verifier finds nothing wrong\n',
    );
    expect(shown('--role verify --coordinator-url http://c:1')).toContain('passes if   each acknowledged message');
  });
});
