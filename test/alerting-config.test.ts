import { parseConfig } from '../model/config-file.ts';
import { mistakes } from './config-mistakes.ts';

/** What `alerting` in a config means. */

const slack = '{name: a, slack: {secret: s}}';
const mail = 'to: [a@example.com], from: b@example.com, smarthost: "mail.example.com:587"';
const receiver = (kinds: string) => `{alerting: {default: a, receivers: [{name: a, ${kinds}}]}}`;
const alerting = (more: string) => `{alerting: {default: a, receivers: [${slack}], ${more}}}`;

test('nobody is told unless it is said', () => {
  expect(parseConfig('shop.yaml', 'namespace: a').alerting).toEqual({
    receivers: [],
    routes: [],
    mute: [],
    repeatInterval: '4h',
  });
});

test('a receiver has little to say', () => {
  const { receivers } = parseConfig('shop.yaml', receiver(`email: {${mail}}, pagerduty: {secret: p}`)).alerting;
  expect(receivers).toMatchObject([
    { email: { tls: true }, pagerduty: { url: 'https://events.pagerduty.com/v2/enqueue' } },
  ]);
});

test('a URL in a manifest may end in a slash, and a mail server may do without a login and TLS', () => {
  expect(() => parseConfig('shop.yaml', receiver('webhook: {url: "http://bot.tools.svc:8080/"}'))).not.toThrow();
  expect(() => parseConfig('shop.yaml', receiver(`email: {${mail}, tls: false}`))).not.toThrow();
});

describe('a mistake is reported in one line that names the field', () => {
  test.each([
    [
      'a receiver without a way',
      receiver(''),
      ': alerting.receivers[0]: needs at least one of slack, email, webhook, pagerduty',
    ],
    ['no Secret', receiver('slack: {}'), ': alerting.receivers[0].slack.secret: is required: text'],
    [
      'a URL in the place of a Secret',
      receiver('slack: {secret: s, url: "https://hooks.slack.com/x"}'),
      ': alerting.receivers[0].slack.url: unknown key; did you mean "secret"? Allowed here: secret, channel',
    ],
    [
      'the name of a Secret that cannot be one',
      receiver('slack: {secret: "https://hooks.slack.com/x"}'),
      ': alerting.receivers[0].slack.secret: must be a DNS name: labels of lower-case letters, digits and "-", joined by dots, not "https://hooks.slack.com/x"',
    ],
    [
      'a channel that YAML takes for a comment',
      'alerting:\n  receivers:\n    - name: a\n      slack: {secret: s}\n  default: a\n  routes:\n    - receiver: a\n      alert: #all\n',
      ': alerting.routes[0].alert: must be text, not nothing',
    ],
    [
      'two words as a channel',
      receiver('slack: {secret: s, channel: "load tests"}'),
      ': alerting.receivers[0].slack.channel: must be the name of a channel, for example "#load-tests", not "load tests"',
    ],
    [
      'no address',
      receiver(`email: {${mail.replace('a@', 'a')}}`),
      ': alerting.receivers[0].email.to[0]: must be an e-mail address, for example team@example.com, not "aexample.com"',
    ],
    [
      'a mail to nobody',
      receiver(`email: {${mail.replace('a@example.com', '')}}`),
      ': alerting.receivers[0].email.to: must have at least 1 entries, not a list',
    ],
    [
      'a mail server without its port',
      receiver(`email: {${mail.replace(':587', '')}}`),
      expect.stringMatching(/: alerting\.receivers\[0\]\.email\.smarthost: must be host:port/),
    ],
    [
      'half a login',
      receiver(`email: {${mail}, username: u}`),
      ': alerting.receivers[0].email: needs both username and secret to log in, or neither',
    ],
    [
      'a password in the open',
      receiver(`email: {${mail}, username: u, secret: s, tls: false}`),
      ': alerting.receivers[0].email.tls: must be true with a login: Alertmanager sends no password over an open connection',
    ],
    [
      'a webhook without an address',
      receiver('webhook: {}'),
      ': alerting.receivers[0].webhook: needs either url or secret (a Secret that holds the URL), and not both',
    ],
    [
      'a webhook with two',
      receiver('webhook: {url: "http://a", secret: b}'),
      ': alerting.receivers[0].webhook: needs either url or secret (a Secret that holds the URL), and not both',
    ],
    [
      'a password in a URL',
      receiver('webhook: {url: "https://u:p@example.com/x"}'),
      ': alerting.receivers[0].webhook.url: holds a user or a password, which would be in a manifest',
    ],
    [
      'a template in a URL',
      receiver('webhook: {url: "https://example.com/{{ .Status }}"}'),
      ': alerting.receivers[0].webhook.url: must have no braces, which Alertmanager would read as a template, not "https://example.com/{{ .Status }}"',
    ],
    [
      'a name that is taken',
      '{alerting: {default: none, receivers: [{name: none, slack: {secret: s}}]}}',
      ': alerting.receivers[0].name: must be another than none and dead-mans-switch, which the stack has itself',
    ],
    [
      'two receivers of one name',
      `{alerting: {default: a, receivers: [${slack}, ${slack}]}}`,
      expect.stringMatching(/: alerting\.receivers\[1\]\.name: "a" is already the name of entry 0/),
    ],
    [
      'a receiver that is told of nothing',
      `{alerting: {receivers: [${slack}]}}`,
      ': alerting.receivers[0].name: "a" is told of nothing: name it in default, routes or deadMansSwitch',
    ],
    [
      'a default that there is not',
      '{alerting: {default: team}}',
      ': alerting.default: "team" is not the name of any of alerting.receivers: the list is empty',
    ],
    [
      'a route to nobody',
      alerting('routes: [{receiver: b, severity: critical}]'),
      ': alerting.routes[0].receiver: "b" is not the name of any of alerting.receivers: a',
    ],
    [
      'a route for everything',
      alerting('routes: [{receiver: a}]'),
      ': alerting.routes[0]: needs at least one of severity, testid, service, alert; who is told of all the rest is default',
    ],
    [
      'a severity that there is not',
      alerting('routes: [{receiver: a, severity: page}]'),
      ': alerting.routes[0].severity: must be one of critical, warning, info, not "page"',
    ],
    [
      'a pattern that does not parse',
      alerting('routes: [{receiver: a, testid: "smoke-("}]'),
      ': alerting.routes[0].testid: must be a regular expression that Alertmanager takes (RE2: no looking around, no back references)',
    ],
    [
      'an empty pattern, which everything without a run would fit',
      alerting('mute: [{testid: ""}]'),
      ': alerting.mute[0].testid: must be a regular expression of the whole value, for example smoke-.*, not ""',
    ],
    [
      'a mute of everything',
      alerting('mute: [{}]'),
      ': alerting.mute[0]: needs at least one of testid, service, alert',
    ],
    [
      'a mute that is no map',
      alerting('mute: ["smoke-.*"]'),
      ': alerting.mute[0]: must be a map of fields, not "smoke-.*"',
    ],
    [
      'a repetition in seconds',
      alerting('repeatInterval: 30s'),
      ': alerting.repeatInterval: must be a whole number of minutes or hours above 0, for example 30m or 4h, not "30s"',
    ],
    [
      'a switch that nobody waits for',
      alerting('deadMansSwitch: {receiver: b}'),
      ': alerting.deadMansSwitch.receiver: "b" is not the name of any of alerting.receivers: a',
    ],
    [
      'a switch that is told for ever',
      alerting('deadMansSwitch: {receiver: a, interval: 0m}'),
      ': alerting.deadMansSwitch.interval: must be a whole number of minutes or hours above 0, for example 30m or 4h, not "0m"',
    ],
    [
      'receivers without an Alertmanager',
      `{output: {mode: operator}, alerting: {default: a, receivers: [${slack}]}}`,
      ': alerting.receivers: is for the Alertmanager of the stack, which operator mode has not: tell that of the cluster, where all alerts of the stack have the label stack',
    ],
    [
      'mutes without an Alertmanager',
      '{output: {mode: operator}, alerting: {mute: [{alert: A}]}}',
      expect.stringMatching(/: alerting\.mute: is for the Alertmanager of the stack, which operator mode has not/),
    ],
    ['a list that is none', '{alerting: {receivers: team}}', ': alerting.receivers: must be a list, not "team"'],
    ['no map', '{alerting: none}', ': alerting: must be a map of fields, not "none"'],
  ])('%s', (_, text, expected) => {
    const lines = mistakes(text).map((line) => line.replace(/^shop\.yaml:\d+:\d+/, ''));
    expect(lines).toEqual([expected]);
  });
});
