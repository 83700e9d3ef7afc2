/** Queries against the metrics that test/contract.test.ts declares. */

/** What is wrong, the query, and what is said of it. */
export const broken: readonly (readonly [string, string, string | RegExp])[] = [
  ['a metric that there is not', 'conections', 'no metric "conections"; did you mean "connections"?'],
  [
    'the plain name of a classic histogram',
    'rate(duration_seconds[1m])',
    'no metric "duration_seconds": it is a classic histogram, whose series are duration_seconds_bucket, duration_seconds_sum and duration_seconds_count',
  ],
  [
    'buckets of a native histogram',
    'sum(rate(latency_seconds_bucket[1m]))',
    'no metric "latency_seconds_bucket": latency_seconds is a native histogram, which is one series without _bucket, _sum and _count',
  ],
  [
    'what is not there until it happens, without a zero',
    'sum(rate(drops_total[1m]))',
    'drops_total is not there until it happens for the first time, and the panel "No data" until then; write (… or vector(0)), or under labels (… or 0 * …)',
  ],
  ['a selector without a name', '{pool="a"}', 'a selector begins with the name of its metric'],
  [
    'a label that the metric has not',
    'connections{pol="a"}',
    'connections has no label "pol"; did you mean "pool"? It has: job, instance, pool',
  ],
  [
    'a label of another target that has a metric of this name',
    'rate(requests_total{job="cache",uri="/"}[1m])',
    'requests_total has no label "uri"; did you mean "job"? It has: job, instance, command',
  ],
  [
    'le of what is no bucket',
    'rate(duration_seconds_count{le="1"}[1m])',
    'duration_seconds_count has no label "le"; did you mean "job"? It has: job, instance, uri',
  ],
  [
    'le of a native histogram',
    'histogram_quantile(0.9, sum by (le) (rate(latency_seconds[1m])))',
    'what sum puts together has no label "le": a native histogram is one series, without buckets; leave "le" out',
  ],
  [
    'the job of another target',
    'connections{job="cache"}',
    'connections is not from job="cache"; did you mean job="shop"?',
  ],
  [
    'a label that an aggregation has taken away',
    'sum by (uri) (sum by (status) (rate(requests_total[1m])))',
    'what sum puts together has no label "uri"; did you mean "status"? It has: status',
  ],
  [
    'a label that was left out with without',
    'sum without (pool) (max without (pool) (connections))',
    'what sum puts together has no label "pool"; did you mean "job"? It has: job, instance',
  ],
  [
    'a label that one side has not',
    'connections - on (instance, pool) keys',
    'the right side of - has no label "pool"; did you mean "job"? It has: job, instance',
  ],
  [
    'sides with different labels',
    'sum by (pool) (connections) - sum(keys)',
    'the sides of - never meet: one has the labels (pool), the other (); put both together by the same, or say on (…) which they share',
  ],
  [
    'several series for one',
    'connections - on (instance) max by (instance) (keys)',
    'several series of the left side of - may meet one of the other, since it has (job, pool) beside (instance); put it together by the latter, or say group_left or group_right',
  ],
  [
    'a label to take over that is not there',
    'connections - on (instance) group_left (poool) max by (instance) (keys)',
    'the right side of - has no label "poool"; did you mean "instance"? It has: instance',
  ],
  [
    'a source that label_replace does not find',
    'label_replace(keys, "short", "$1", "instanc", "(.*)")',
    'what label_replace is given has no label "instanc"; did you mean "instance"? It has: job, instance',
  ],
  [
    'a regular expression of label_replace that is none',
    'label_replace(keys, "short", "$1", "instance", "(.*")',
    '"(.*" is not a regular expression that Prometheus takes',
  ],
  [
    'the rate of a gauge',
    'sum(rate(connections[1m]))',
    'rate of connections, which is no counter here: only what was counted and not yet made a rate has one; for a gauge take deriv or delta',
  ],
  [
    'the rate of a rate',
    'rate(rate(requests_total[1m])[5m:])',
    'rate of requests_total, which is no counter here: only what was counted and not yet made a rate has one; for a gauge take deriv or delta',
  ],
  [
    'a counter as it is',
    'sum(requests_total)',
    'requests_total counts from the start of its process; take its rate or increase, or last_over_time where the total is meant',
  ],
  [
    'the slope of a counter',
    'deriv(requests_total[1m])',
    'deriv of the counter requests_total, which starts anew with its process; take rate or increase',
  ],
  [
    'a quantile of buckets that were put together',
    'histogram_quantile(0.9, sum by (uri) (rate(duration_seconds_bucket[1m])))',
    'sum without the label "le" counts an observation of duration_seconds_bucket once in each bucket it fits; keep le in by (…)',
  ],
  [
    'a quantile of what is no histogram',
    'histogram_quantile(0.9, rate(requests_total[1m]))',
    'histogram_quantile needs a histogram, and requests_total is none: take a native one, or the _bucket series with their le',
  ],
  [
    'a mean of what is no native histogram',
    'histogram_avg(connections)',
    'histogram_avg needs a native histogram, and connections is none',
  ],
  [
    'an average of percentiles',
    'avg(histogram_quantile(0.9, rate(latency_seconds[1m])) * 1000)',
    'the avg of percentiles is not a percentile; put the histograms together first, as in histogram_quantile(0.95, sum by (…) (rate(…)))',
  ],
  [
    'a sum of percentiles that a gauge holds',
    'sum(latency_seconds_p95)',
    'the sum of percentiles is not a percentile; put the histograms together first, as in histogram_quantile(0.95, sum by (…) (rate(…)))',
  ],
  [
    'an average over time of percentiles that a summary holds',
    'avg_over_time(pause_seconds[5m])',
    'avg_over_time of percentiles is not a percentile; take the quantile of a rate over the longer range',
  ],
  [
    'the largest of native histograms',
    'max(rate(latency_seconds[1m]))',
    'max passes over native histograms; take a quantile or histogram_count of them first',
  ],
  [
    'a native histogram that is rounded',
    'round(sum(rate(latency_seconds[1m])))',
    'round passes over native histograms; take a quantile or histogram_count of them first',
  ],
  [
    'native histograms that are compared',
    'histogram_count(rate(latency_seconds[1m]) > 1)',
    '> finds nothing in native histograms; take a quantile or histogram_count of them first',
  ],
  [
    'native histograms where numbers are shown',
    'sum(rate(latency_seconds[1m]))',
    'gives native histograms, which only a heatmap shows; take a quantile, or histogram_count',
  ],
  [
    'a divisor that may be 0',
    'connections / connections_max',
    'the divisor connections_max can be 0; write (… > 0), so that the quotient is then left out',
  ],
  [
    'a divisor that is 0',
    'connections / 0',
    'the divisor 0 can be 0; write (… > 0), so that the quotient is then left out',
  ],
  [
    'a share that is empty until the first',
    'sum(rate(requests_total{status="500"}[1m])) / (sum(rate(requests_total[1m])) > 0)',
    'the share of requests_total{status="500"} is "No data", not 0, until the first one; write (… or vector(0)), or under labels (… or 0 * …)',
  ],
  [
    'a zero under other labels than the share',
    '(sum by (uri) (rate(requests_total{status="500"}[1m])) or vector(0)) / (sum by (uri) (rate(requests_total[1m])) > 0)',
    'the share of requests_total{status="500"} is "No data", not 0, until the first one; write (… or vector(0)), or under labels (… or 0 * …)',
  ],
  [
    'what is no regular expression for Prometheus',
    'connections{pool=~"(?!a).*"}',
    'pool=~"(?!a).*" is not a regular expression that Prometheus takes',
  ],
  ['a parenthesis too few', 'sum(connections', 'does not parse at its end: something is missing'],
  ['a parenthesis too many', 'sum(connections))', 'does not parse from character 17, ")"'],
  [
    'an argument too few',
    'histogram_quantile(rate(latency_seconds[1m]))',
    /^expected 2 argument\(s\) in call to "histogram_quantile", got 1/,
  ],
  ['an argument too many', 'sum(connections, keys)', /^expected 1 argument\(s\) of sum, got 2/],
  [
    'an argument of a wrong type',
    'rate(requests_total)',
    /^expected type matrix in call to function "rate", got vector/,
  ],
  [
    'a range of what is no selector',
    'rate((requests_total)[1m])',
    /^a range, offset or @ follows a selector or a subquery only/,
  ],
  ['a range where a number is shown', 'requests_total[1m]', /^gives a matrix, where a panel or a rule needs a number/],
  ['an escape that Go does not know', 'connections{pool=~"a\\|b"}', /^has an escape that Prometheus does not know/],
  [
    'an experimental function',
    'mad_over_time(connections[1m])',
    /^mad_over_time is an experimental function, which Prometheus refuses/,
  ],
  ['an experimental modifier', 'rate(requests_total[1m] smoothed)', /^uses an experimental part of PromQL/],
];

/** What is right, and next to what is wrong. */
export const accepted = [
  'rate(requests_total{job=~"shop|other",uri!=""}[1m])',
  'sum by (uri) (last_over_time(requests_total[1h]))',
  'changes(requests_total[1h]) + resets(requests_total[1h])',
  'count(requests_total) by (job)',
  'keys and on (instance) up{job="shop"} == 1',
  'keys unless on (job) requests_total',
  'deriv(connections[5m])',
  'max_over_time(sum(connections)[10m:1m])',
  'histogram_quantile(0.9, sum by (uri) (rate(latency_seconds[1m])))',
  'histogram_quantile(0.9, sum by (uri, le) (rate(duration_seconds_bucket[1m])))',
  'sum(rate(duration_seconds_bucket{le="1.0"}[1m])) / (sum(rate(duration_seconds_count[1m])) > 0)',
  'histogram_fraction(0, 0.2, sum(rate(latency_seconds[1m])))',
  'max(latency_seconds_p95)',
  'topk(3, connections) * on (instance) group_left (pod) max by (instance, pod) (up{job="shop"})',
  'label_replace(keys, "short", "$1", "instance", "(.*):\\\\d+")',
  'connections / 1024 ^ 2',
  'sum(rate(drops_total[1m])) or vector(0)',
  'sum by (pool) (rate(drops_total[1m])) or 0 * sum by (pool) (connections)',
  'connections / clamp_min(connections_max, 1)',
  'connections / (connections_max != 0)',
  '1 - sum by (pool) (connections) / on (pool) (max by (pool) (connections_max) > 0)',
  '(sum(rate(requests_total{status=~"5.."}[1m])) or vector(0)) / (sum(rate(requests_total[1m])) > 0)',
  '(sum by (uri) (rate(requests_total{status="500"}[1m])) or 0 * sum by (uri) (rate(requests_total[1m]))) / (sum by (uri) (rate(requests_total[1m])) > 0)',
  'connections{pool=~"(?i)main"} # which one',
  'absent(up{job="shop"}) or -keys offset 5m',
];
