import { type Alerting, type Mute, ownReceivers, type Receiver, type Route } from '../model/alerting.ts';
import { inhibitions } from './alertmanager-inhibition.ts';

/** Where the pod has its configuration, and what of Secrets it needs. */
export const folders = { config: '/etc/alertmanager', receivers: '/etc/receivers' } as const;

/** What is secret of each way to be told, as a key of its Secret. */
const keys = { slack: 'url', email: 'password', webhook: 'url', pagerduty: 'routing-key' } as const;
type Kind = keyof typeof keys;

/** A Secret's key as a file. */
interface SecretFile {
  readonly secret: string;
  readonly key: string;
  readonly folder: string;
  /** A name for it, which no other has. */
  readonly name: string;
}

/** The files that the configuration refers to: no secret stands in it. */
export const secretFiles = ({ receivers }: Pick<Alerting, 'receivers'>): SecretFile[] =>
  receivers.flatMap((receiver) =>
    (Object.keys(keys) as Kind[]).flatMap((kind) => {
      const secret = receiver[kind]?.secret;
      if (secret === undefined) return [];
      return [{ secret, key: keys[kind], folder: folderOf(receiver, kind), name: `${kind}-${receiver.name}` }];
    }),
  );

const folderOf = ({ name }: Receiver, kind: Kind) => `${folders.receivers}/${name}/${kind}`;
const fileOf = (receiver: Receiver, kind: Kind) => `${folderOf(receiver, kind)}/${keys[kind]}`;

/** Alertmanager's configuration file, as an object. */
export function alertmanagerConfig(alerting: Alerting) {
  const { receivers, routes, mute, repeatInterval, deadMansSwitch, default: fallback } = alerting;
  const switched = receivers.find(({ name }) => name === deadMansSwitch?.receiver);
  return {
    templates: [`${folders.config}/*.tmpl`],
    route: {
      receiver: ownReceivers.none,
      group_by: ['alertname', 'service', 'testid'],
      // What explains an alert, and keeps it back, may be found by Prometheus a little later.
      group_wait: '30s',
      group_interval: '1m',
      repeat_interval: repeatInterval,
      routes: [
        {
          matchers: ['alertname="Watchdog"'],
          receiver: switched ? ownReceivers.deadMansSwitch : ownReceivers.none,
          group_wait: '0s',
          ...(deadMansSwitch ? every(deadMansSwitch.interval) : {}),
        },
        ...mute.map((entry) => ({ matchers: matchersOf(entry), receiver: ownReceivers.none })),
        ...routes.map((route) => told(route.receiver, route)),
        ...(fallback === undefined ? [] : [told(fallback, {})]),
      ],
    },
    inhibit_rules: inhibitions,
    receivers: [
      { name: ownReceivers.none },
      ...receivers.map((receiver) => ({ name: receiver.name, ...integrations(receiver, true) })),
      // The end of it is not sent: to a switch that waits for messages it would be one more.
      ...(switched ? [{ name: ownReceivers.deadMansSwitch, ...integrations(switched, false) }] : []),
    ],
  };
}

/**
 * At each group_interval Alertmanager asks whether repeat_interval is over. Since a notification is noted a moment after
 * it was asked for, a whole one never quite is, and three quarters are at the second time.
 */
function every(interval: string) {
  const seconds = Number.parseInt(interval, 10) * (interval.endsWith('h') ? 3600 : 60);
  return { group_interval: `${seconds / 2}s`, repeat_interval: `${(seconds * 3) / 4}s` };
}

const critical = 'severity="critical"';
const ofARun = 'testid!=""';

/** Critical alerts come before the others, and those of a run together. */
const told = (receiver: string, route: Omit<Route, 'receiver'>) => ({
  matchers: [route.severity ? `severity="${route.severity}"` : 'severity!="info"', ...matchersOf(route)],
  receiver,
  ...(route.repeatInterval ? { repeat_interval: route.repeatInterval } : {}),
  routes: [
    { matchers: [critical, ofARun], group_by: ['testid'], group_wait: '10s' },
    { matchers: [critical], group_wait: '10s' },
    { matchers: [ofARun], group_by: ['testid'] },
  ],
});

const matchersOf = ({ testid, service, alert }: Mute): string[] =>
  Object.entries({ testid, service, alertname: alert }).flatMap(([label, pattern]) =>
    pattern === undefined ? [] : [`${label}=~${JSON.stringify(pattern)}`],
  );

const template = (name: string) => `{{ template "loadscope.${name}" . }}`;

/** The ways in which a receiver is told, as Alertmanager has them. */
function integrations(receiver: Receiver, send_resolved: boolean) {
  const { slack, email, webhook, pagerduty } = receiver;
  return {
    ...(slack && {
      slack_configs: [
        {
          send_resolved,
          api_url_file: fileOf(receiver, 'slack'),
          ...(slack.channel && { channel: slack.channel }),
          color: template('slack.color'),
          title: template('title'),
          title_link: template('dashboard'),
          fallback: template('title'),
          text: template('slack.text'),
        },
      ],
    }),
    ...(email && {
      email_configs: [
        {
          send_resolved,
          to: email.to.join(', '),
          from: email.from,
          smarthost: email.smarthost,
          ...(email.username && { auth_username: email.username, auth_password_file: fileOf(receiver, 'email') }),
          require_tls: email.tls,
          headers: { Subject: template('title') },
          text: template('text'),
          html: template('email.html'),
        },
      ],
    }),
    ...(webhook && {
      webhook_configs: [
        { send_resolved, ...(webhook.url ? { url: webhook.url } : { url_file: fileOf(receiver, 'webhook') }) },
      ],
    }),
    ...(pagerduty && {
      pagerduty_configs: [
        {
          send_resolved,
          routing_key_file: fileOf(receiver, 'pagerduty'),
          url: pagerduty.url,
          client: 'Loadscope',
          client_url: template('dashboard'),
          description: template('title'),
          severity: template('pagerduty.severity'),
          class: '{{ .CommonLabels.alertname }}',
          component: '{{ .CommonLabels.service }}',
          group: '{{ .CommonLabels.testid }}',
          details: { alerts: template('text') },
          links: [
            { href: template('dashboard'), text: 'Dashboard' },
            { href: template('runbook'), text: 'What to do' },
          ],
        },
      ],
    }),
  };
}
