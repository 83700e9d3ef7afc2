import { templates } from './messages/templates.ts';

/** A flag of the bot. Its variable is its name in capitals, where none is given. */
export interface Flag {
  /** As Commander takes it. */
  readonly flag: string;
  readonly help: string;
  readonly variable?: string;
  /** What holds where it is not given, for people. */
  readonly usual?: string;
  /** Whether it may be given several times; its variable then has commas in between. */
  readonly several?: true;
}

export const clients = ['kafkajs', 'platformatic'] as const;
export const roles = ['produce', 'verify', 'both'] as const;
export const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** All flags, by the heading that they stand under. */
export const flagTable = {
  'What it sends to': [
    {
      flag: '--bootstrap-servers <host:port,...>',
      help: 'brokers to begin with',
      usual: 'localhost:9092',
    },
    {
      flag: '--topic <name[=weight]>',
      help: 'topic to send to, and how many of all messages it gets beside others; may be repeated',
      usual: 'loadscope.kafka-bot',
      several: true,
    },
    { flag: '--allow-writes', help: 'also send to topics whose names do not begin with "loadscope."' },
    {
      flag: '--create-topics <partitions>',
      help: 'create topics that are missing; 0: none',
      usual: '3 where all names begin with "loadscope."',
    },
    { flag: '--client <name>', help: `what it sends with: ${clients.join(', ')}`, usual: 'kafkajs' },
    { flag: '--tls', help: 'connect with TLS' },
    { flag: '--tls-ca <file>', help: 'PEM file with the certificates to trust; connects with TLS' },
    { flag: '--tls-insecure', help: 'trust any certificate; connects with TLS' },
    { flag: '--sasl-mechanism <name>', help: `how to log in: ${mechanisms.join(', ')}` },
    { flag: '--sasl-username <name>', help: 'user to log in as' },
    { flag: '--sasl-password-file <file>', help: 'file with the password (or SASL_PASSWORD)' },
  ],
  'How much, and when': [
    { flag: '--rate <number>', help: 'messages per second, of all producers together', usual: '100' },
    { flag: '--duration <time>', help: 'how long, such as 60s, 5m or 1h', usual: '60s' },
    {
      flag: '--stages <rate:time,...>',
      help: 'rates one after the other, in place of --rate and --duration: 100:60s is level, 100-1000:30s a ramp',
    },
    { flag: '--max-backlog <number>', help: 'messages that may be due and not sent yet', usual: '1000000' },
  ],
  'What the messages are': [
    {
      flag: '--template <name>',
      help: Object.keys(templates).join(', '),
      usual: 'order-created; raw with --message-size',
    },
    { flag: '--template-file <file>', help: 'JSON of your own, with placeholders (or TEMPLATE_JSON)' },
    {
      flag: '--message-size <size>',
      help: '1KB, 100B-10KB, or 100B=5,1KB=3,10KB=2 with weights',
      usual: 'as the template is',
    },
    {
      flag: '--keys <keys>',
      help: 'none, a number of keys, or zipf:1000 where few are frequent',
      usual: 'as the template is',
    },
    { flag: '--seed <number>', help: 'what chance depends on', usual: '1' },
  ],
  'How it delivers': [
    { flag: '--acks <acks>', help: 'whose acknowledgment it waits for: all, 1 (the leader), 0', usual: 'all' },
    {
      flag: '--idempotence',
      help: 'have the brokers keep order and leave out duplicates',
      usual: 'on with --acks all',
    },
    { flag: '--no-idempotence', help: 'do not', variable: '' },
    { flag: '--compression <codec>', help: codecs.join(', '), usual: 'none' },
    { flag: '--batch-bytes <size>', help: 'bytes of values in one request, at most', usual: '64KB' },
    {
      flag: '--retry-initial <time>',
      help: 'wait before the first retry; each next one is twice as long',
      usual: '1s',
    },
    { flag: '--retry-max <time>', help: 'longest of them', usual: '60s' },
    { flag: '--breaker-failures <number>', help: 'failures in a row that open the circuit breaker', usual: '5' },
    { flag: '--breaker-cooldown <time>', help: 'how long it stays open', usual: '60s' },
  ],
  'Which part of a run': [
    {
      flag: '--role <name>',
      help: 'produce, verify what was sent, or both',
      usual: 'both; with a coordinator, verify for the producer behind the last, else produce',
    },
    { flag: '--testid <id>', help: 'id of the run', usual: 'kafka-bot, the date and the time' },
    { flag: '--service <name>', help: 'service whose consumers read the messages' },
    {
      flag: '--producer <index>',
      help: 'which producer this is, from 0',
      variable: 'JOB_COMPLETION_INDEX',
      usual: '0',
    },
    { flag: '--producers <number>', help: 'how many share the load', variable: 'RUNNERS', usual: '1' },
    { flag: '--coordinator-url <url>', help: 'where they meet', variable: 'BARRIER_URL' },
    {
      flag: '--consumer-group <name>',
      help: 'group that has to work off what was sent; may be repeated',
      several: true,
    },
    { flag: '--drain <time>', help: 'how long it gets for that after the load', usual: '3m' },
  ],
  'What it says': [
    { flag: '--dry-run', help: 'show what would be sent, and connect to nothing' },
    { flag: '--metrics-port <port>', help: 'port of its metrics; 0: none', usual: '9464' },
    { flag: '--summary <file>', help: 'file for the JSON summary', usual: 'the last line of the log' },
  ],
} as const satisfies Readonly<Record<string, readonly Flag[]>>;
