/**
 * Every image the stack runs, pinned. One place to upgrade; `images.overrides` and `images.registry`
 * in the config change them for a cluster.
 */
export const defaultImages = {
  prometheus: 'quay.io/prometheus/prometheus:v3.14.0',
  alertmanager: 'quay.io/prometheus/alertmanager:v0.34.0',
  // The last line in which the Zipkin data source is not yet a plugin with updates of its own.
  grafana: 'docker.io/grafana/grafana:13.1.3',
  mysqldExporter: 'quay.io/prometheus/mysqld-exporter:v0.20.0',
  redisExporter: 'docker.io/oliver006/redis_exporter:v1.89.0',
  kafkaExporter: 'docker.io/danielqsj/kafka-exporter:v1.9.0',
  kubeStateMetrics: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0',
  cadvisor: 'ghcr.io/google/cadvisor:v0.60.5',
  zipkin: 'docker.io/openzipkin/zipkin:3.6.1',
  zipkinDependencies: 'docker.io/openzipkin/zipkin-dependencies:3.2.2',
  // 8.x, because the Spark job that draws Zipkin's dependency graph is tested upstream up to 8.
  elasticsearch: 'docker.elastic.co/elasticsearch/elasticsearch:8.19.13',
  k6: 'docker.io/grafana/k6:2.2.0',
  // The base of the starter of k6-operator, which brings the command itself: one for all of its versions.
  k6Starter: 'docker.io/curlimages/curl:8.21.0',
  mysql: 'docker.io/library/mysql:8.4.6',
  redis: 'docker.io/library/redis:7.4.5-alpine',
  kafka: 'docker.io/apache/kafka:4.1.1',
  node: 'docker.io/library/node:22.20.0-alpine',
} as const;

export type ImageName = keyof typeof defaultImages;
export type Images = Readonly<Record<ImageName, string>>;

/**
 * The images with a cluster's changes. A registry replaces the host of each default image and keeps its
 * path, so a mirror holds the same paths; an override is taken as it is.
 */
export function resolveImages(registry: string | undefined, overrides: Partial<Images>): Images {
  const entries = Object.entries(defaultImages).map(([name, reference]) => {
    const mirrored = registry ? `${registry}/${reference.slice(reference.indexOf('/') + 1)}` : reference;
    return [name, overrides[name as ImageName] ?? mirrored];
  });
  return Object.fromEntries(entries);
}
