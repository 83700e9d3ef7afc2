import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultImages } from '../../model/images.ts';
import { kubectlStdin, portForward } from './kubectl.ts';

const name = 'alert-receiver';
const port = 8080;

/** An alert as Alertmanager posts it. */
export interface Notice {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The part of a config that has a receiver told of everything. */
export const toldOf = ({ url }: AlertReceiver) => ({
  receivers: [{ name: 'receiver', webhook: { url } }],
  default: 'receiver',
  deadMansSwitch: { receiver: 'receiver', interval: '1m' },
});

/** A webhook in a namespace of the cluster, which remembers what Alertmanager tells it. */
export class AlertReceiver {
  readonly #namespace: string;
  readonly url: string;

  constructor(namespace: string) {
    this.#namespace = namespace;
    this.url = `http://${name}.${namespace}.svc.cluster.local:${port}/`;
  }

  /** @param sender namespace of the Alertmanager, which alone may reach it */
  async up(sender: string): Promise<void> {
    const labels = { app: name };
    const metadata = { name, namespace: this.#namespace };
    await kubectlStdin(
      {
        apiVersion: 'v1',
        kind: 'List',
        items: [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata,
            data: { 'main.mjs': readFileSync(join(import.meta.dirname, '../fixtures/receiver.mjs'), 'utf8') },
          },
          { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port }] } },
          {
            apiVersion: 'networking.k8s.io/v1',
            kind: 'NetworkPolicy',
            metadata,
            spec: {
              podSelector: { matchLabels: labels },
              policyTypes: ['Ingress'],
              ingress: [
                {
                  from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': sender } } }],
                  ports: [{ port }],
                },
              ],
            },
          },
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata,
            spec: {
              selector: { matchLabels: labels },
              template: {
                metadata: { labels },
                spec: {
                  enableServiceLinks: false,
                  securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
                  containers: [
                    {
                      name,
                      image: defaultImages.node,
                      command: ['node', '/program/main.mjs'],
                      readinessProbe: { tcpSocket: { port } },
                      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
                      volumeMounts: [{ name: 'program', mountPath: '/program' }],
                    },
                  ],
                  volumes: [{ name: 'program', configMap: { name } }],
                },
              },
            },
          },
        ],
      },
      'apply',
    );
  }

  /** Every alert that it was told of, in order. */
  async heard(): Promise<Notice[]> {
    const { url, close } = await portForward(this.#namespace, `deployment/${name}`, port);
    try {
      return (await (await fetch(url)).json()) as Notice[];
    } finally {
      close();
    }
  }
}
