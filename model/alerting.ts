import * as z from 'zod';
import { namedList } from './named-list.ts';
import { dnsLabel, hostPort, receiverUrl, secretRef, webUrl } from './patterns.ts';
import { re2 } from './re2.ts';

/** Receivers that Alertmanager has without being told of: nobody, and the copy that is sent no end of an alert. */
export const ownReceivers = { none: 'none', deadMansSwitch: 'dead-mans-switch' } as const;

const email = z.email({ error: 'must be an e-mail address, for example team@example.com' });

const Slack = z.strictObject({
  secret: secretRef.meta({ description: 'Secret with `url`, the address of an incoming webhook.' }),
  channel: z
    .string()
    .regex(/^[#@]?[^\s#@{}]+$/, 'must be the name of a channel, for example "#load-tests"')
    .optional()
    .meta({ description: 'Left out: the channel that the webhook was made for.' }),
});

const Email = z
  .strictObject({
    to: z.array(email).min(1).meta({ description: 'Who gets it.' }),
    from: email.meta({ description: 'The sender.' }),
    smarthost: hostPort.meta({ description: 'host:port of the mail server.' }),
    username: z.string().min(1, 'must be the name of a user').optional().meta({
      description: 'Who logs in at the mail server. Left out: no login.',
    }),
    secret: secretRef.optional().meta({ description: 'Secret with the `password` of that user.' }),
    tls: z.boolean().default(true).meta({
      description: 'Whether TLS is insisted on: from the start on port 465, by STARTTLS on others.',
    }),
  })
  .refine(({ username, secret }) => (username === undefined) === (secret === undefined), {
    message: 'needs both username and secret to log in, or neither',
  })
  .refine(({ username, tls }) => tls || username === undefined, {
    path: ['tls'],
    message: 'must be true with a login: Alertmanager sends no password over an open connection',
  });

const Webhook = z
  .strictObject({
    url: receiverUrl.optional().meta({ description: 'Where alerts are posted, in JSON of Alertmanager.' }),
    secret: secretRef.optional().meta({
      description: 'Secret with `url`, in the place of url: for one that holds a token, on port 80 or 443.',
    }),
  })
  .refine(({ url, secret }) => (url === undefined) !== (secret === undefined), {
    message: 'needs either url or secret (a Secret that holds the URL), and not both',
  });

const PagerDuty = z.strictObject({
  secret: secretRef.meta({ description: 'Secret with `routing-key`, the integration key of Events API v2.' }),
  url: receiverUrl.default('https://events.pagerduty.com/v2/enqueue').meta({
    description: 'Where events go: another region, or another service that speaks the same.',
  }),
});

const Receiver = z
  .strictObject({
    name: dnsLabel(40)
      .refine(
        (name) => !(Object.values(ownReceivers) as string[]).includes(name),
        `must be another than ${Object.values(ownReceivers).join(' and ')}, which the stack has itself`,
      )
      .meta({ description: 'What routes call it.' }),
    slack: Slack.optional().meta({ description: 'A message to a channel.' }),
    email: Email.optional().meta({ description: 'A mail.' }),
    webhook: Webhook.optional().meta({ description: 'A request to a program.' }),
    pagerduty: PagerDuty.optional().meta({ description: 'An incident.' }),
  })
  .refine(({ slack, email, webhook, pagerduty }) => slack ?? email ?? webhook ?? pagerduty, {
    message: 'needs at least one of slack, email, webhook, pagerduty',
  });

const pattern = z
  .string()
  .min(1, 'must be a regular expression of the whole value, for example smoke-.*')
  .refine((text) => re2(text) !== undefined, {
    message: 'must be a regular expression that Alertmanager takes (RE2: no looking around, no back references)',
  })
  .optional();

const patterns = {
  testid: pattern.meta({ description: 'Of runs: the names of their Jobs. A regular expression of the whole name.' }),
  service: pattern.meta({ description: 'Of services, likewise.' }),
  alert: pattern.meta({ description: 'Names of alerts, likewise.' }),
};

const severity = z
  .enum(['critical', 'warning', 'info'])
  .optional()
  .meta({ description: 'Left out: critical and warning.' });

/** A number of minutes or hours: Alertmanager looks once a minute whether it is time to say something again. */
const interval = z
  .string()
  .regex(/^[1-9]\d*[mh]$/, 'must be a whole number of minutes or hours above 0, for example 30m or 4h');

const saysWhich = (entry: Readonly<Record<string, unknown>>) =>
  ['severity', 'testid', 'service', 'alert'].some((name) => entry[name] !== undefined);

const Route = z
  .strictObject({
    receiver: z.string().meta({ description: 'Who is told: the name of one of receivers.' }),
    severity,
    ...patterns,
    repeatInterval: interval.optional().meta({ description: 'How often what still fires is told again.' }),
  })
  .refine(saysWhich, {
    message: 'needs at least one of severity, testid, service, alert; who is told of all the rest is default',
  });

const Mute = z.strictObject(patterns).refine(saysWhich, {
  message: 'needs at least one of testid, service, alert',
});

/** Who is told of alerts. */
export const Alerting = z
  .strictObject({
    runbookUrl: webUrl.optional().meta({
      description:
        "Where the team's runbooks are; the name of the alert is put behind it. Left out: the dashboard of runbooks in Grafana.",
    }),
    receivers: namedList(Receiver).meta({
      description: 'Who can be told, each in one way or several ([alerting.md](alerting.md)). Left out: nobody is.',
    }),
    default: z.string().optional().meta({
      description: 'Receiver of critical alerts and warnings that no route is for. Left out: nobody.',
    }),
    routes: z.array(Route).default([]).meta({
      description: 'Who is told of which alerts. The first that fits holds; all that it says has to fit.',
    }),
    mute: z.array(Mute).default([]).meta({
      description: 'Alerts that nobody is told of, whatever routes say. They are still seen in Grafana.',
    }),
    repeatInterval: interval.default('4h').meta({
      description: 'How often what still fires is told again, where the route says nothing else.',
    }),
    deadMansSwitch: z
      .strictObject({
        receiver: z.string().meta({ description: 'Who waits for it: the name of one of receivers.' }),
        interval: interval.default('1m').meta({ description: 'How often it is told that alerts get through.' }),
      })
      .optional()
      .meta({ description: 'Who sounds when it hears nothing more. Left out: nobody.' }),
  })
  .superRefine(receiverChecks, { when: ({ value }) => typeof value === 'object' && value !== null });

export type Alerting = z.infer<typeof Alerting>;
export type Receiver = z.infer<typeof Receiver>;
export type Route = z.infer<typeof Route>;
export type Mute = z.infer<typeof Mute>;

/** Each receiver that is named there is, and each that there is, is named. Other fields may be wrong: hence the guards. */
function receiverChecks(alerting: unknown, context: z.RefinementCtx): void {
  const { receivers, default: fallback, routes, deadMansSwitch } = alerting as Readonly<Record<string, unknown>>;
  const entries = (list: unknown) =>
    (Array.isArray(list) ? list : []) as ({ name?: unknown; receiver?: unknown } | null)[];
  const names = entries(receivers).map((receiver) => receiver?.name);
  const named: { readonly path: PropertyKey[]; readonly name: unknown }[] = [
    { path: ['default'], name: fallback },
    ...entries(routes).map((route, index) => ({ path: ['routes', index, 'receiver'], name: route?.receiver })),
    { path: ['deadMansSwitch', 'receiver'], name: entries([deadMansSwitch])[0]?.receiver },
  ];
  for (const { path, name } of named)
    if (typeof name === 'string' && !names.includes(name))
      context.addIssue({
        code: 'custom',
        path,
        message: `"${name}" is not the name of any of alerting.receivers: ${names.join(', ') || 'the list is empty'}`,
      });
  for (const [index, name] of names.entries())
    if (typeof name === 'string' && !named.some((use) => use.name === name))
      context.addIssue({
        code: 'custom',
        path: ['receivers', index, 'name'],
        message: `"${name}" is told of nothing: name it in default, routes or deadMansSwitch`,
      });
}
