import { parse, stringify } from 'yaml';
import { alertingConfig, inhibited, type Labels, routed } from './alerting-fixture.ts';
import { alertmanager, eventually, httpReceiver, mailServer } from './alertmanager-process.ts';
import { find, type Manifest, manifestsOf } from './stack-fixture.ts';
import { describeWithTool, findTool } from './tool.ts';

/** What the real Alertmanager makes of the configuration and the templates. */

const tool = findTool('alertmanager', '--version');

/** Seconds in the place of minutes: what is told anew, and in seconds at all, what the switch is told. */
const hastened: Record<string, (text: string) => string> = {
  group_wait: () => '100ms',
  group_interval: (text) => (text === '1m' ? '1s' : '500ms'),
  repeat_interval: (text) => (text.endsWith('s') ? '750ms' : text),
};

const started = new Date(Date.now() - 90_000);
const firing = (labels: Labels, annotations = {}, end = Date.now() + 600_000) => ({
  labels,
  annotations,
  startsAt: started.toISOString(),
  endsAt: new Date(end).toISOString(),
});

const annotations = {
  summary: 'p95 above 1s: load test browse-1 of shop & "more"',
  description: 'It is 1.4s, and the budget is <1s.',
  dashboard_url: 'http://grafana/d/loadscope-k6?var-service=shop&var-testid=browse-1',
  runbook_url: 'http://grafana/d/loadscope-runbooks?viewPanel=7',
};
const ofRun = { alertname: 'LoadTestLatencyHigh', severity: 'critical', testid: 'browse-1', service: 'shop' };

describeWithTool(tool)('Alertmanager', () => {
  let http: Awaited<ReturnType<typeof httpReceiver>>;
  let mail: Awaited<ReturnType<typeof mailServer>>;
  let server: Awaited<ReturnType<typeof alertmanager>>;

  beforeAll(async () => {
    http = await httpReceiver();
    mail = await mailServer();
    const data: Record<string, string> = find(manifestsOf(alertingConfig), 'ConfigMap', 'alertmanager-config').data;
    const { 'alertmanager.yml': text = '', ...templates } = data;
    // Addresses of this test in the place of those of the internet, and no TLS, for which it has no certificate.
    const config = JSON.parse(JSON.stringify(parse(text)), (key, value) =>
      typeof value === 'string' ? (hastened[key]?.(value) ?? value) : value,
    );
    const receiver = (wanted: string): Manifest => config.receivers.find(({ name }: Manifest) => name === wanted);
    receiver('bot').webhook_configs[0].url = `${http.url}/bot`;
    const [pagerduty] = receiver('on-call').pagerduty_configs;
    pagerduty.url = `${http.url}/pagerduty`;
    const [email] = receiver('on-call').email_configs;
    Object.assign(email, { smarthost: mail.address, require_tls: false });
    server = await alertmanager({
      'alertmanager.yml': stringify(config, { lineWidth: 0 })
        .replaceAll('/etc/alertmanager/', 'FOLDER/config/')
        .replaceAll('/etc/receivers/', 'FOLDER/receivers/'),
      ...Object.fromEntries(Object.entries(templates).map(([name, template]) => [`config/${name}`, template])),
      'receivers/team/slack/url': `${http.url}/slack\n`,
      'receivers/on-call/pagerduty/routing-key': 'key-of-pagerduty\n',
      'receivers/on-call/email/password': 'password',
      'receivers/switch/webhook/url': `${http.url}/switch`,
    });
  }, 20_000);

  afterAll(async () => {
    await server?.close();
    mail?.close();
    http?.close();
  });

  /** What came by a path, where it says something. */
  const posted = (path: string, words: string) =>
    eventually(() => {
      const post = http.posts.find(({ path: other, body }) => other === path && body.includes(words));
      return post && JSON.parse(post.body);
    });

  const known = async (labels: Labels): Promise<Manifest> =>
    (await server.alerts()).find(
      (alert: Manifest) =>
        JSON.stringify(Object.entries(alert.labels).sort()) === JSON.stringify(Object.entries(labels).sort()),
    );

  test('sends alerts to whom the tree of routes says', async () => {
    await server.post(routed.map(({ labels }) => firing(labels, annotations)));
    const to = await Promise.all(
      routed.map(async ({ labels }) => [labels, (await eventually(() => known(labels))).receivers]),
    );
    expect(to).toEqual(routed.map(({ labels, to: name }) => [labels, [{ name }]]));
  });

  test('keeps back what follows from another', async () => {
    for (const { source, back, told } of inhibited) {
      await server.post([source, ...back, ...told].map((labels) => firing(labels)));
      for (const target of back)
        await eventually(async () => (await known(target))?.status.inhibitedBy.length > 0 || undefined);
      for (const target of told) expect([target, (await known(target)).status.inhibitedBy]).toEqual([target, []]);
      // Over again, or it would keep back what comes next.
      await server.post([source, ...back, ...told].map((labels) => firing(labels, {}, Date.now() - 1)));
    }
  });

  test('says in Slack what is wrong, of which run, since when, and where to look', async () => {
    await server.post([firing({ ...ofRun, severity: 'warning', testid: 'browse-2' }, annotations)]);
    const { channel, attachments } = await posted('/slack', 'browse-2');
    expect(channel).toBe('#load-tests');
    expect(attachments[0]).toMatchObject({
      color: 'warning',
      title: `Warning: ${annotations.summary}`,
      title_link: annotations.dashboard_url,
    });
    expect(attachments[0].text.split('\n')).toEqual([
      '*Warning: p95 above 1s: load test browse-1 of shop &amp; "more"*',
      'It is 1.4s, and the budget is &lt;1s.',
      `Run browse-2. Service shop. Since ${started.toISOString().slice(0, 19).replace('T', ' ')} UTC.`,
      '<http://grafana/d/loadscope-k6?var-service=shop&amp;var-testid=browse-1|Dashboard> · <http://grafana/d/loadscope-runbooks?viewPanel=7|What to do>',
      '',
      '',
    ]);
  });

  test('says in Slack when it is over', async () => {
    await server.post([firing({ ...ofRun, severity: 'warning', testid: 'browse-3' }, annotations)]);
    await posted('/slack', 'Run browse-3');
    await server.post([
      firing({ ...ofRun, severity: 'warning', testid: 'browse-3' }, annotations, started.getTime() + 80_000),
    ]);
    const { attachments } = await posted('/slack', 'Run browse-3. Service shop. From');
    expect(attachments[0]).toMatchObject({ color: 'good', title: `Over: ${annotations.summary}` });
    expect(attachments[0].text).toMatch(/From \S+ \S+ to \S+ UTC, for 1m 20s\./);
  });

  test('puts the alerts of a run together', async () => {
    const alerts = ['LoadTestLatencyHigh', 'LoadTestErrorRateHigh'].map((alertname) =>
      firing({ ...ofRun, severity: 'warning', alertname, testid: 'browse-4' }, annotations),
    );
    await server.post(alerts);
    const { attachments } = await posted('/slack', 'in run browse-4');
    expect(attachments[0].title).toBe('Warning: 2 alerts of service shop in run browse-4');
  });

  test('opens an incident', async () => {
    await server.post([firing({ ...ofRun, testid: 'browse-5' }, annotations)]);
    const incident = await posted('/pagerduty', 'browse-5');
    expect(incident).toMatchObject({
      routing_key: 'key-of-pagerduty',
      event_action: 'trigger',
      client: 'Loadscope',
      client_url: annotations.dashboard_url,
      payload: {
        summary: `Critical: ${annotations.summary}`,
        severity: 'critical',
        class: 'LoadTestLatencyHigh',
        component: 'shop',
        group: 'browse-5',
      },
      links: [
        { href: annotations.dashboard_url, text: 'Dashboard' },
        { href: annotations.runbook_url, text: 'What to do' },
      ],
    });
    expect(incident.payload.custom_details.alerts).toContain('Run browse-5. Service shop. Since');
  });

  test('sends a mail', async () => {
    await server.post([firing({ ...ofRun, testid: 'browse-6' }, annotations)]);
    const sent = await eventually(() => mail.mails.find((text) => text.includes('Run browse-6')));
    // Lines that a mail folds, and characters that it writes as numbers.
    const text = sent
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    expect(text).toContain('To: sre@example.com, lead@example.com');
    expect(text).toContain(`Subject: Critical: ${annotations.summary}`);
    expect(text).toContain(`What to do: ${annotations.runbook_url}`);
    expect(text).toContain('<p style="margin: 0 0 8px;">It is 1.4s, and the budget is &lt;1s.</p>');
    expect(text).toContain(`<a href="${annotations.dashboard_url.replaceAll('&', '&amp;')}">Dashboard</a>`);
  });

  test('says again and again that alerts get through, and never that they do not any more', async () => {
    const watchdog = { alertname: 'Watchdog', severity: 'info' };
    await server.post([firing(watchdog)]);
    const heard = () => http.posts.filter(({ path }) => path === '/switch').length;
    const before = heard();
    await eventually(() => heard() >= before + 3 || undefined);
    await server.post([firing(watchdog, {}, Date.now() - 1)]);
    await posted('/bot', 'nightly-12');
    expect(http.posts.some(({ path, body }) => path === '/switch' && JSON.parse(body).status === 'resolved')).toBe(
      false,
    );
  });

  test('complains of nothing', () => {
    const lines = server.log().split('\n');
    expect(lines.filter((line) => /level=(warn|error)/i.test(line))).toEqual([]);
  });
});
