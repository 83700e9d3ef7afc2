import * as z from 'zod';
import { LoadChanges, profileName, runnerCount } from './load-test.ts';
import { ownTopics } from './own-topics.ts';
import { dnsLabel } from './patterns.ts';

const Topic = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,200}$/, 'must be the name of a topic: letters, digits, ".", "_" and "-"')
    .meta({ description: `Name of the topic; one that begins with \`${ownTopics}\` is made where it is missing.` }),
  weight: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .meta({ description: 'How many of all messages it gets, beside the others.' }),
});

/** One distribution, as --message-size has it. */
const size = String.raw`[1-9]\d*(B|KB|MB)`;

export const KafkaBot = z.strictObject({
  name: dnsLabel(30).meta({ description: 'Name of the bot; the CronJob that launches start from is `bot-NAME`.' }),
  cluster: dnsLabel(40).meta({ description: 'Which of `kafka` it sends to.' }),
  profile: profileName,
  load: LoadChanges.omit({ vus: true }).prefault({}).meta({
    description: 'What is other than the profile says: messages per second at the peak, and for how long.',
  }),
  service: dnsLabel().optional().meta({ description: 'Which of `services` reads the messages. Left out: none.' }),
  runners: runnerCount,
  topics: z
    .array(Topic)
    .min(1)
    .default([{ name: `${ownTopics}kafka-bot`, weight: 1 }])
    .meta({ description: 'Where it sends to.' }),
  allowWrites: z.boolean().default(false).meta({
    description: `Whether it may send to topics that are not its own, of which others read. Those are refused without it.`,
  }),
  template: z.enum(['order-created', 'stock-data', 'signals', 'indicators', 'raw']).optional().meta({
    description:
      'What the messages are ([kafka-bot.md](kafka-bot.md)). Left out: `order-created`, and with a `messageSize` `raw`.',
  }),
  json: z.string().min(2).max(10_000).optional().meta({
    description:
      'A message of your own in place of the template: JSON with placeholders ([kafka-bot.md](kafka-bot.md)).',
  }),
  messageSize: z
    .string()
    .regex(
      new RegExp(`^(${size}|${size}-${size}|${size}=[1-9]\\d*(,${size}=[1-9]\\d*)*)$`),
      'must be a size such as 1KB, a range such as 100B-10KB, or sizes with weights such as 100B=5,10KB=1',
    )
    .optional()
    .meta({ description: 'Bytes of a message: `1KB`, `100B-10KB` or `100B=5,10KB=1`. Left out: as the template is.' }),
  keys: z
    .string()
    .regex(/^(none|(zipf:)?[1-9]\d{0,8})$/, 'must be none, a number of keys, or zipf: and a number')
    .optional()
    .meta({
      description:
        'How many keys: `none`, `1000`, or `zipf:1000` where few are frequent. Left out: as the template is.',
    }),
  acks: z.enum(['all', 'leader', 'none']).default('all').meta({
    description: 'Whose acknowledgment is waited for.',
  }),
  idempotence: z.boolean().optional().meta({
    description:
      'Whether the brokers keep the order and leave out what a retry sends twice; takes acks of all. Left out: with these.',
  }),
  compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('none').meta({
    description: 'How batches are compressed; snappy and lz4 take the client `platformatic`.',
  }),
  client: z.enum(['kafkajs', 'platformatic']).default('kafkajs').meta({
    description: '`platformatic` is for rates that kafkajs does not reach.',
  }),
  consumerGroups: z
    .array(z.string().regex(/^[^\s"\\,]{1,200}$/, 'must be the name of a consumer group'))
    .default([])
    .meta({
      description: 'Consumer groups that have to work off what was sent, and are watched while they do.',
    }),
  drain: z
    .string()
    .regex(/^[1-9]\d*(s|m)$/, 'must be a duration: a whole number and one of s, m, for example 3m')
    .default('3m')
    .meta({ description: 'How long they get for it after the load.' }),
});
