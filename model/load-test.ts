import * as z from 'zod';
import { type ScenarioName, scenarios } from '../k6-jobs/catalogue.ts';
import { type ProfileName, profiles } from '../k6-jobs/profiles.ts';
import { dnsLabel, labelMap, secretRef, webUrl } from './patterns.ts';

/** What can be launched: load tests, suites of them, and schedules. */

const keys = <Name extends string>(table: Record<Name, unknown>) => Object.keys(table) as [Name, ...Name[]];

const whole = (most: number) => z.int().min(1).max(most);

/** What a load test, or a launch, may ask for in place of what its profile says. */
export const LoadChanges = z.strictObject({
  vus: whole(100_000).optional().meta({ description: 'Virtual users at the peak, of all runners together.' }),
  rate: whole(1_000_000).optional().meta({
    description: 'Iterations per second at the peak, of all runners together, where the scenario goes by the clock.',
  }),
  duration: z
    .string()
    .regex(/^([1-9]\d*)(s|m|h)$/, 'must be a duration: a whole number and one of s, m, h, for example 90s')
    .optional()
    .meta({ description: 'How long the load lasts, for example `90s`.' }),
});

export const profileName = z
  .enum(keys<ProfileName>(profiles))
  .default('smoke')
  .meta({ description: 'How much of it, for how long: an entry of k6-jobs/profiles.ts.' });

export const runnerCount = whole(200).default(1).meta({
  description: 'Pods that the load is divided over, each on a node of its own where there are enough.',
});

const Users = z.strictObject({
  secret: secretRef.meta({ description: 'Secret with their `password`, in the namespace of the stack.' }),
  name: z
    .string()
    .regex(/\{n\}/, 'must hold {n}, in the place of which a number is put')
    .meta({ description: 'What they log in as, for example `user{n}@test.com`.' }),
  first: z.int().min(0).default(1).meta({ description: 'The first number.' }),
  count: whole(5000).meta({ description: 'How many there are.' }),
  path: z
    .string()
    .regex(/^\/[^\s]*$/, 'must be a path that starts with "/"')
    .default('/api/v1/auth/login')
    .meta({
      description:
        'Path below `url` that takes `{email, password}` and answers with `data.accessToken`, and `data.expiresIn` in seconds.',
    }),
});

export const LoadTest = z.strictObject({
  name: dnsLabel(30).meta({ description: 'Name of the load test; the CronJob that launches start from is `k6-NAME`.' }),
  scenario: z.enum(keys<ScenarioName>(scenarios)).meta({
    description: 'What the virtual users do: a file of k6-jobs/scenarios ([load-tests.md](load-tests.md)).',
  }),
  profile: profileName,
  load: LoadChanges.prefault({}).meta({ description: 'What is other than the profile says.' }),
  service: dnsLabel().meta({ description: 'Which of `services` the requests go to.' }),
  url: webUrl.meta({ description: 'Base URL of the requests.' }),
  runners: runnerCount,
  engine: z.enum(['jobs', 'operator']).default('jobs').meta({
    description: '`jobs`: an Indexed Job. `operator`: a TestRun of k6-operator, which the cluster then has to have.',
  }),
  allowWrites: z.boolean().default(false).meta({
    description: 'Whether the scenario may change data of the service. Scenarios that do are refused without it.',
  }),
  users: Users.optional().meta({ description: 'Who logs in. Required by scenarios whose users do.' }),
  parameters: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .default({})
    .meta({
      description: 'What the scenario leaves to choose ([load-tests.md](load-tests.md)).',
    }),
});

export const Suite = z.strictObject({
  name: dnsLabel(30).meta({ description: 'Name of the suite; the CronJob that launches start from is `suite-NAME`.' }),
  loadTests: z.array(dnsLabel(30)).min(1).meta({ description: 'Names of load tests, in order.' }),
  coolDown: z
    .string()
    .regex(/^\d+(s|m)$/, 'must be a duration: a whole number and one of s, m, for example 30s')
    .default('30s')
    .meta({ description: 'How long to wait between two, for the services to come to rest.' }),
  onFailure: z.enum(['stop', 'continue']).default('stop').meta({
    description: 'What becomes of the rest when a run does not pass.',
  }),
});

/** The fields of cron, as Kubernetes reads them: its weeks have no day 7. */
const cronFields = [
  { field: 'a minute', least: 0, most: 59, example: '*/15' },
  { field: 'an hour', least: 0, most: 23, example: '8-18' },
  { field: 'a day', least: 1, most: 31, example: '1,15' },
  {
    field: 'a month',
    least: 1,
    most: 12,
    example: 'jan-jun',
    names: 'jan feb mar apr may jun jul aug sep oct nov dec',
  },
  { field: 'a weekday', least: 0, most: 6, example: 'mon-fri', names: 'sun mon tue wed thu fri sat' },
] as const satisfies readonly CronField[];

interface CronField {
  readonly field: string;
  readonly least: number;
  readonly most: number;
  readonly example: string;
  /** What the numbers may be called, from the least. */
  readonly names?: string;
}

function cronMistakes(cron: string): string[] {
  const fields = cron.trim().split(/\s+/);
  // Others are refused as a whole.
  if (fields.length !== cronFields.length) return [];
  return cronFields.flatMap((one: CronField, index) => {
    const text = fields[index] ?? '';
    if (text.split(',').every((part) => isCronRange(part, one))) return [];
    const { field, least, most, example, names = '' } = one;
    const named = names && `, or ${names.slice(0, 3)} to ${names.slice(-3)}`;
    return [`must have ${field} from ${least} to ${most}${named}, for example "${example}", not "${text}"`];
  });
}

/** All, one or a range of them, each also with a step, such as `1-30/5`. */
function isCronRange(part: string, { least, most, names = '' }: CronField): boolean {
  const matched = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
  if (!matched) return false;
  const [, from = '', to, step] = matched;
  if (step !== undefined && Number(step) < 1) return false;
  if (from === '*' || from === '?') return to === undefined;
  const known = names.split(' ');
  const numberOf = (text: string) => {
    const named = known.indexOf(text.toLowerCase());
    return named >= 0 ? least + named : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  };
  const [first, last] = [numberOf(from), numberOf(to ?? from)];
  return least <= first && first <= last && last <= most;
}

/** Abbreviations that Kubernetes knows; JavaScript takes others for time zones, too. */
const shortZones = /^(CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/;

function isTimeZone(timeZone: string): boolean {
  if (/^\w{3}$/.test(timeZone)) return shortZones.test(timeZone);
  try {
    const { timeZone: known } = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions();
    // Kubernetes looks for a file of that name.
    return known === timeZone || known.toLowerCase() !== timeZone.toLowerCase();
  } catch {
    return false;
  }
}

export const Schedule = z
  .strictObject({
    // Kubernetes puts nine characters behind the name of the CronJob, a suite up to three, and the whole is the id of a run.
    name: dnsLabel(24).meta({ description: 'Name of the schedule; its CronJob is `schedule-NAME`.' }),
    cron: z
      .string()
      .regex(
        /^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|(\S+\s+){4}\S+)$/,
        'must be five fields as cron has them, for example "0 2 * * *"',
      )
      .superRefine((cron, { addIssue }) => {
        for (const message of cronMistakes(cron)) addIssue({ code: 'custom', message });
      })
      .meta({ description: 'When, as cron writes it.' }),
    timeZone: z
      .string()
      .regex(/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/, 'must be the name of a time zone, for example Europe/Berlin')
      .refine(isTimeZone, {
        error: ({ input }) =>
          `must be the name of a time zone, for example Europe/Berlin, not ${JSON.stringify(input)}`,
      })
      .default('Etc/UTC')
      .meta({ description: 'In whose time.' }),
    loadTest: dnsLabel(30).optional().meta({ description: 'Name of a load test.' }),
    suite: dnsLabel(30).optional().meta({ description: 'Name of a suite.' }),
  })
  .refine(({ loadTest, suite }) => (loadTest === undefined) !== (suite === undefined), {
    message: 'needs either loadTest or suite, and not both',
  });

export const AllowedTargets = z.strictObject({
  namespaces: z.array(dnsLabel()).default([]).meta({
    description: 'Namespaces that load may go to, beside those of `services`.',
  }),
  hosts: z
    .array(z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'must be a host name'))
    .default([])
    .meta({ description: 'Hosts outside the cluster that load may go to.' }),
});

const Toleration = z.strictObject({
  key: z.string().min(1).meta({ description: 'Key of the taint.' }),
  value: z.string().optional().meta({ description: 'Its value. Left out: any.' }),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional().meta({
    description: 'Its effect. Left out: any.',
  }),
});

export const LoadGenerators = z.strictObject({
  nodeSelector: labelMap.optional().meta({ description: 'Labels of the nodes that make load. Left out: any.' }),
  tolerations: z.array(Toleration).default([]).meta({ description: 'Taints of nodes that are kept for making load.' }),
  operatorNamespace: dnsLabel().default('k6-operator-system').meta({
    description: 'Where k6-operator runs, for load tests with the engine `operator`.',
  }),
  influxdb: z
    .strictObject({
      url: webUrl.meta({
        description: 'Address of an InfluxDB 1, with the database as path: http://influxdb.tools.svc:8086/k6.',
      }),
      secret: secretRef.optional().meta({ description: 'Secret with `username` and `password`.' }),
    })
    .optional()
    .meta({ description: 'Where load generators push samples beside Prometheus. Verdicts are by Prometheus alone.' }),
});
