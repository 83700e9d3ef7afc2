import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { dashboards } from '../dashboards/index.ts';
import { contentHash } from './lib/content-hash.ts';
import { dashboardConfigMap, dashboardFolder } from './lib/dashboard-config-map.ts';
import { labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { configMapVolume, emptyDirVolume, secretVolume } from './lib/pod.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';
import { statefulSet } from './lib/stateful-set.ts';

const name = 'grafana';
const port = 3000;

/** Holds the administrator's name and a password that was made in the cluster. */
export const grafanaAdminSecret = { secret: 'grafana-admin', username: 'admin' };

/** Grafana, with its data sources and dashboards provisioned. */
export class GrafanaChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config, targets } = props;

    const provisioning = {
      'datasources.yaml': stringify({ apiVersion: 1, prune: true, datasources: datasources(config.scrapeInterval) }),
      'dashboards.yaml': stringify({
        apiVersion: 1,
        providers: [
          {
            name: 'loadscope',
            folder: dashboardFolder,
            type: 'file',
            allowUiUpdates: false,
            disableDeletion: true,
            options: { path: '/etc/grafana/dashboards' },
          },
        ],
      }),
    };
    new k8s.KubeConfigMap(this, 'provisioning', {
      metadata: { name: 'grafana-provisioning', labels: labels(name) },
      data: provisioning,
    });

    const boards = dashboards(config, targets).map((dashboard) => dashboardConfigMap(this, dashboard));

    statefulSet(this, {
      name,
      image: this.images.grafana,
      env: Object.entries(settings).map(([variable, value]) => ({ name: variable, value })),
      ports: { http: port },
      probes: { port, ready: '/api/health', startSeconds: 180 },
      user: 65534,
      resources: resourcesFor(config.profile, 'grafana'),
      size: config.storage.grafana,
      storage: config.storage,
      // Data sources are read at the start only; dashboards are picked up as they change.
      configHash: contentHash(provisioning),
      volumes: [
        { name: 'data', mountPath: '/var/lib/grafana', source: 'claim' },
        emptyDirVolume('tmp', '/tmp', 64),
        secretVolume('admin', grafanaAdminSecret.secret, '/etc/grafana/admin'),
        configMapVolume('datasources', 'grafana-provisioning', '/etc/grafana/provisioning/datasources', [
          'datasources.yaml',
        ]),
        configMapVolume('providers', 'grafana-provisioning', '/etc/grafana/provisioning/dashboards', [
          'dashboards.yaml',
        ]),
        {
          name: 'dashboards',
          mountPath: '/etc/grafana/dashboards',
          source: { projected: { sources: boards.map((board) => ({ configMap: { name: board } })) } },
          readOnly: true,
        },
      ],
    });

    networkPolicy(
      this,
      {
        name,
        egress: [
          { to: 'prometheus', port: 9090 },
          { to: 'alertmanager', port: 9093 },
          { to: 'zipkin', port: 9411 },
        ],
      },
      config.namespace,
    );
  }
}

const settings = {
  GF_SECURITY_ADMIN_USER__FILE: '/etc/grafana/admin/username',
  GF_SECURITY_ADMIN_PASSWORD__FILE: '/etc/grafana/admin/password',
  GF_AUTH_ANONYMOUS_ENABLED: 'false',
  GF_USERS_ALLOW_SIGN_UP: 'false',
  // Nothing leaves the cluster, and nothing is fetched into it.
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  GF_NEWS_NEWS_FEED_ENABLED: 'false',
};

const datasources = (scrapeInterval: string) => [
  {
    name: 'Prometheus',
    uid: 'prometheus',
    type: 'prometheus',
    access: 'proxy',
    url: 'http://prometheus:9090',
    isDefault: true,
    // Grafana works $__rate_interval out from it.
    jsonData: { timeInterval: scrapeInterval, httpMethod: 'POST', prometheusType: 'Prometheus' },
  },
  {
    name: 'Alertmanager',
    uid: 'alertmanager',
    type: 'alertmanager',
    access: 'proxy',
    url: 'http://alertmanager:9093',
    jsonData: { implementation: 'prometheus' },
  },
  { name: 'Zipkin', uid: 'zipkin', type: 'zipkin', access: 'proxy', url: 'http://zipkin:9411' },
];
