/** Which alerts need not be told while another fires that explains them. Source and target have nothing in common. */

/** What tells one series of an alert from another. A label that neither side has is the same on both. */
const ofOneSeries = [
  ...['job', 'instance', 'service', 'testid', 'namespace', 'pod', 'container', 'node'],
  ...['consumergroup', 'topic', 'uri', 'name', 'pool'],
];

/** Systems behind an exporter: what the names of their alerts begin with, and their job. */
const systems = [
  ['Mysql', 'mysql'],
  ['Redis', 'redis'],
  ['Kafka', 'kafka'],
  ['Elasticsearch', 'elasticsearch'],
] as const;

interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

/** What follows from one alert for those of the same instance or service; of one without it, nothing does. */
const follows = (label: 'instance' | 'service', source: string[], ...targets: string[][]): Inhibition[] =>
  targets.map((target_matchers) => ({
    source_matchers: [...source, `${label}!=""`],
    target_matchers,
    equal: [label],
  }));

export const inhibitions: readonly Inhibition[] = [
  {
    source_matchers: ['severity="critical"'],
    target_matchers: ['severity="warning"'],
    equal: ['alertname', ...ofOneSeries],
  },
  ...systems.flatMap(([name, job]) => {
    const others = [`alertname=~"${name}.+"`, `alertname!="${name}Down"`];
    const notScraped = ['alertname="TargetDown"', `job="${job}"`];
    return [
      // By what its alerts are called: a database and a cache may go by one name, and only one of them is down.
      ...follows('instance', [`alertname="${name}Down"`], others, notScraped),
      // Not the other way round for Down itself: a cluster that is down keeps its exporter from answering.
      ...follows('instance', notScraped, others),
    ];
  }),
  // The one says what the other is about to.
  ...follows('instance', ['alertname="MysqlConnectionsRefused"'], ['alertname="MysqlConnectionsHigh"']),
  ...follows('instance', ['alertname="KafkaBrokerLost"'], ['alertname="KafkaUnderReplicated"']),
  {
    source_matchers: ['alertname="KafkaConsumerStopped"'],
    target_matchers: ['alertname=~"KafkaLagGrowing|KafkaLagSecondsHigh"'],
    equal: ['instance', 'consumergroup', 'topic'],
  },
  {
    source_matchers: ['alertname="LoadTestInvalid"', 'testid!=""'],
    target_matchers: ['alertname=~"LoadGeneratorSaturated|IterationsDropped"'],
    equal: ['testid'],
  },
  ...follows('instance', ['alertname="TargetDown"', 'job="zipkin"'], ['alertname=~"Zipkin.+"']),
  ...follows(
    'service',
    ['alertname=~"ServiceDown|ServiceUnavailable"'],
    ['alertname=~"HttpLatencyHigh|HttpErrorRateHigh|ErrorBudgetBurn|TargetDown|PodNotReady"'],
  ),
];
