import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { type Address, parseAddress, urlAddress } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import { checkAccounts } from '../model/consistency-account.ts';
import { namespaceOf } from '../model/output.ts';
import type { EnvVar } from '../model/target.ts';
import { kafkaBot } from '../runs/generator.ts';
import { barrierPort, bot, coordinator, cronJobName, metricsPort, planName, runLabels, runner } from '../runs/names.ts';
import type { Step } from '../runs/plan.ts';
import { passwordVariable } from '../runs/planned.ts';
import { controlPort, starter } from '../runs/test-run.ts';
import { bundles } from './lib/bundle.ts';
import { labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { configMapVolume, podTemplate } from './lib/pod.ts';
import { program } from './lib/program.ts';
import { access } from './lib/rbac.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';
import { loadTestPlan } from './load-test-plan.ts';
import { receiverOf } from './runner.ts';

/** What can be launched: by a name, with the steps that it takes. */
interface Launchable {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly suite?: Config['suites'][number];
  /** When it is launched by itself. */
  readonly schedule?: Config['schedules'][number];
}

/** A verdict is final; a node that goes away is nobody's fault. */
const failurePolicy = [
  { action: 'FailJob', onExitCodes: { containerName: coordinator, operator: 'In', values: [1, 2] } },
  { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  // The types of Kubernetes 1.27 require conditions in every rule, which its API does not.
] as k8s.PodFailurePolicyRule[];

/**
 * Load tests, suites and schedules. Each is a CronJob, suspended but for schedules, so that applying the stack starts no
 * load; a launch is `kubectl create job RUN --from=cronjob/k6-NAME`. What runs in the Job is the coordinator, which makes
 * the runners, and whose end is the verdict.
 */
export class LoadTestsChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const { namespace } = config;
    const scenarios = [...new Set(config.loadTests.map((test) => test.scenario))];
    const programs = bundles(
      scenarios.map((scenario) => `k6-jobs/scenarios/${scenario}.ts`),
      'k6',
    );
    for (const [index, scenario] of scenarios.entries())
      new k8s.KubeConfigMap(this, `scenario-${scenario}`, {
        metadata: { name: `k6-scenario-${scenario}`, labels: labels(runner) },
        data: { 'main.js': programs[index] ?? '' },
      });
    const botProgram = config.kafkaBots.length ? program(this, bot, 'bots/kafka-bot/main.ts') : undefined;
    const plan = loadTestPlan(props, this.images, botProgram);
    new k8s.KubeConfigMap(this, 'plan', {
      metadata: { name: planName, labels: labels(coordinator) },
      // Over many lines, for those who read it, and who look for images in manifests.
      data: { 'plan.json': JSON.stringify(plan, null, 1) },
    });

    const { volumes, command } = program(this, coordinator, 'bots/coordinator/main.ts');
    const pod = (steps: readonly Step[], suite?: Launchable['suite']) =>
      podTemplate({
        name: coordinator,
        image: this.images.node,
        command,
        env: [...environment(config), { name: 'STEPS', value: JSON.stringify(steps) }, ...ofSuite(suite)],
        ports: { barrier: barrierPort },
        user: 65534,
        resources: resourcesFor(config.profile, 'job'),
        restartPolicy: 'Never',
        // To delete its load, and to say why the run is invalid.
        terminationGracePeriodSeconds: 30,
        serviceAccount: coordinator,
        volumes: [...volumes, configMapVolume('plan', planName, '/plan')],
      });
    for (const launchable of launchables(config)) this.cronJob(launchable, pod(launchable.steps, launchable.suite));

    this.rights(namespace);
    this.ways(config);
  }

  private cronJob({ name, labels: own, schedule }: Launchable, template: k8s.PodTemplateSpec): void {
    const metadata = { labels: { ...labels(coordinator), ...own } };
    new k8s.KubeCronJob(this, name, {
      metadata: { ...metadata, name },
      spec: {
        // Never comes due while suspended; a CronJob has to have one.
        schedule: schedule?.cron ?? '0 0 1 1 *',
        ...(schedule ? { timeZone: schedule.timeZone } : { suspend: true }),
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 60,
        successfulJobsHistoryLimit: 10,
        failedJobsHistoryLimit: 10,
        jobTemplate: {
          metadata,
          spec: {
            // A coordinator that is lost is followed by one that ends what it left.
            backoffLimit: 1,
            podFailurePolicy: {
              rules: failurePolicy,
            },
            // What became of a run is in its record; the Job and its log go after a week, or after ten more.
            ttlSecondsAfterFinished: 604_800,
            template,
          },
        },
      },
    });
  }

  private rights(namespace: string): void {
    const rule = (apiGroup: string, resource: string, ...verbs: string[]) => ({
      namespace,
      rule: { apiGroups: [apiGroup], resources: [resource], verbs },
    });
    access(this, {
      name: coordinator,
      namespace,
      rules: [
        rule('batch', 'jobs', 'create', 'get', 'list', 'delete'),
        rule('k6.io', 'testruns', 'create', 'get', 'delete'),
        rule('', 'pods', 'list', 'delete'),
        // Records of runs. A name that is not there yet cannot be told from others.
        rule('', 'configmaps', 'create', 'get', 'list', 'patch', 'delete'),
        // Tokens of users, which it makes and never reads.
        rule('', 'secrets', 'create'),
      ],
    });
  }

  private ways(config: Config): void {
    const { namespace, loadTests, kafkaBots, kafka, loadGenerators } = config;
    const { egress, connects } = receiverOf(config);
    const urls = loadTests.map(({ url }) => urlAddress(url));
    const { influxdb } = loadGenerators;
    networkPolicy(
      this,
      {
        name: runner,
        // With k6-operator, which asks each whether it is there.
        ingress: [{ from: [starter], port: controlPort }],
        ingressNamespaces: [{ namespaces: [loadGenerators.operatorNamespace], port: controlPort }],
        egress: [...egress, { to: coordinator, port: barrierPort }],
        connects: [...connects, ...urls, ...(influxdb ? [urlAddress(influxdb.url)] : [])],
      },
      namespace,
    );
    const clusters = kafka.filter(({ name }) => kafkaBots.some(({ cluster }) => cluster === name));
    if (kafkaBots.length)
      networkPolicy(
        this,
        {
          name: bot,
          ingress: [{ from: ['prometheus'], namespace: namespaceOf('prometheus', config), port: metricsPort }],
          egress: [{ to: coordinator, port: barrierPort }],
          connects: clusters.flatMap(({ brokers }) => brokers.map(parseAddress)),
        },
        namespace,
      );
    networkPolicy(this, { name: starter, egress: [{ to: runner, port: controlPort }] }, namespace);
    const logins = loadTests.flatMap(({ users, url }): Address[] => (users ? [urlAddress(url)] : []));
    networkPolicy(
      this,
      {
        name: coordinator,
        ingress: [{ from: [runner, ...(kafkaBots.length ? [bot] : [])], port: barrierPort }],
        egress,
        connects: [...connects, ...logins, ...checkAccounts(config).map(({ address }) => parseAddress(address))],
        api: true,
      },
      namespace,
    );
  }
}

function launchables({ loadTests, kafkaBots, suites, schedules }: Config): Launchable[] {
  const bots = kafkaBots.map(({ name }) => ({ name, scenario: kafkaBot }) as const);
  const tests = [...loadTests, ...bots].map(({ name, scenario }) => ({
    name: cronJobName({ scenario }, name),
    labels: { [runLabels.loadTest]: name, [runLabels.scenario]: scenario },
    steps: [{ loadTest: name }],
  }));
  const ofSuites = suites.map((suite) => ({
    name: `suite-${suite.name}`,
    labels: { [runLabels.suite]: suite.name },
    steps: suite.loadTests.map((loadTest) => ({ loadTest })),
    suite,
  }));
  return [
    ...tests,
    ...ofSuites,
    ...schedules.flatMap((schedule) => {
      const launched = schedule.suite
        ? ofSuites.find(({ suite }) => suite.name === schedule.suite)
        : tests.find(({ steps: [only] }) => only?.loadTest === schedule.loadTest);
      // Found by the schedule, and not among what is launched by hand.
      return launched ? [{ ...launched, name: `schedule-${schedule.name}`, labels: {}, schedule }] : [];
    }),
  ];
}

function environment(config: Config): EnvVar[] {
  const users = config.loadTests.flatMap(({ users: of }) => (of ? [of.secret] : []));
  return [
    { name: 'PLAN', value: '/plan/plan.json' },
    // The run's id is the name of its Job, which the pod knows from a label that the Job gives it.
    { name: 'TESTID', podField: "metadata.labels['batch.kubernetes.io/job-name']" },
    { name: 'JOB_UID', podField: "metadata.labels['batch.kubernetes.io/controller-uid']" },
    { name: 'NAMESPACE', podField: 'metadata.namespace' },
    { name: 'POD_IP', podField: 'status.podIP' },
    { name: 'NODE_EXTRA_CA_CERTS', value: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' },
    { name: 'KUBERNETES_SERVICE_HOST', value: 'kubernetes.default.svc' },
    { name: 'KUBERNETES_SERVICE_PORT', value: '443' },
    ...[...new Set(users)].map((secret) => ({ name: passwordVariable(secret), secret, key: 'password' })),
    ...checkAccounts(config).flatMap(({ secret, userVariable, passwordVariable: ofDatabase }) => [
      { name: userVariable, secret, key: 'username' },
      { name: ofDatabase, secret, key: 'password' },
    ]),
  ];
}

const ofSuite = (suite: Launchable['suite']): EnvVar[] =>
  suite
    ? [
        { name: 'SUITE', value: suite.name },
        { name: 'COOL_DOWN', value: String(seconds(suite.coolDown)) },
        { name: 'ON_FAILURE', value: suite.onFailure },
      ]
    : [];

/** Of `30s` or `2m`. */
const seconds = (text: string): number => Number.parseInt(text, 10) * (text.endsWith('m') ? 60 : 1);
