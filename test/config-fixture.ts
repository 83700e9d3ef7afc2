import { stringify } from 'yaml';
import { parseConfig } from '../model/config-file.ts';

/** Configs to test with, for tests that need no manifests: what makes these takes a second to load. */

/** A config with one of everything. */
export const fullConfig = {
  services: [
    { name: 'shop', namespace: 'shop', selector: { app: 'shop' }, port: 8080 },
    { name: 'auth', namespace: 'identity', workload: 'auth-server', port: 9090, metricsPath: '/metrics' },
  ],
  mysql: [
    { name: 'made', address: 'mysql.data.svc.cluster.local:3306', adminSecret: 'mysql-admin' },
    { name: 'given', address: 'db.example.com:3307', credentialsSecret: 'mysql-reader' },
  ],
  redis: [{ name: 'cache', address: 'redis.data:6379', tls: true, credentialsSecret: 'redis-reader' }],
  kafka: [
    {
      name: 'events',
      brokers: ['kafka-0.kafka.data.svc:9092', 'kafka-1.kafka.data.svc:9092'],
      tls: true,
      sasl: { mechanism: 'scram-sha512', credentialsSecret: 'kafka-reader' },
    },
  ],
  loadTests: [{ name: 'browse', scenario: 'browse', service: 'shop', url: 'http://shop.shop.svc.cluster.local' }],
};

/** The same, with a shop to load-test. */
export const demoConfig = { ...fullConfig, demo: true };

/** The same as the first, for a cluster that has a Prometheus Operator and a Grafana. */
export const operatorConfig = {
  ...fullConfig,
  output: {
    mode: 'operator',
    prometheus: {
      namespace: 'monitoring',
      labels: { release: 'kps', 'a.b/c': 'd' },
      remoteWriteUrl: 'http://prometheus-operated.monitoring.svc:9090/api/v1/write',
    },
    grafana: { namespace: 'grafana' },
  },
};

export const configOf = (config: unknown) => parseConfig('test', stringify(config));
