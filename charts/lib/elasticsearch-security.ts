import { stringify } from 'yaml';
import type { EnvVar } from '../../model/target.ts';
import { type PodProps, secretVolume, type Volume } from './pod.ts';

/** What makes an Elasticsearch ask who is there. */
export interface SecurityProps {
  /** Secret that has, as `users`, the user's line in Elasticsearch's file of users. */
  readonly secret: string;
  readonly username: string;
  /** Pattern of the names of the indices that are the user's. */
  readonly indices: string;
  /** Secret with a certificate and its key, and their authority. */
  readonly certificateSecret?: string;
  /** Who has to show, or to look at, the certificate. */
  readonly tls: { readonly clients: boolean; readonly nodes: boolean };
}

/** What it takes from the pod. */
interface Security {
  readonly settings: Readonly<Record<string, string>>;
  /** Of the init container, which writes files into the folder of the configuration. */
  readonly env: readonly EnvVar[];
  readonly script: readonly string[];
  readonly mounts: NonNullable<PodProps['init']>['mounts'];
  readonly volumes: readonly Volume[];
}

/** Who probes the pod: a kubelet, which has no password. */
const probe = 'probe';

/** @param config where the folder of the configuration is when the script runs */
export function elasticsearchSecurity(props: SecurityProps, config: string): Security {
  const { secret, username, certificateSecret, tls } = props;
  return {
    settings: {
      'xpack.security.enabled': 'true',
      // The file of users is all: the user `elastic` and its like are nobody's here.
      'xpack.security.authc.reserved_realm.enabled': 'false',
      'xpack.security.authc.anonymous.username': probe,
      'xpack.security.authc.anonymous.roles': probe,
      // Who asks for more is asked for a password.
      'xpack.security.authc.anonymous.authz_exception': 'false',
      ...(tls.clients ? keyPair('xpack.security.http.ssl') : {}),
      ...(tls.nodes
        ? {
            ...keyPair('xpack.security.transport.ssl'),
            'xpack.security.transport.ssl.certificate_authorities': 'certificate/ca.crt',
            // Nodes are known by the authority, which signed nothing else; their addresses are in no certificate.
            'xpack.security.transport.ssl.verification_mode': 'certificate',
          }
        : {}),
    },
    env: [
      { name: 'USERS', secret, key: 'users' },
      { name: 'USERS_ROLES', value: `${username}:${username}` },
      { name: 'ROLES', value: stringify(roles(props)) },
    ],
    script: [
      `echo "$USERS" > ${config}/users`,
      `echo "$USERS_ROLES" > ${config}/users_roles`,
      `echo "$ROLES" > ${config}/roles.yml`,
      // Elasticsearch reads nothing that is outside of the folder of its configuration.
      ...(certificateSecret ? [`mkdir -p ${config}/certificate`, `cp /certificate/* ${config}/certificate`] : []),
    ],
    mounts: certificateSecret ? [{ name: 'certificate', mountPath: '/certificate', readOnly: true }] : [],
    volumes: certificateSecret
      ? [secretVolume('certificate', certificateSecret, undefined, ['ca.crt', 'tls.crt', 'tls.key'])]
      : [],
  };
}

const roles = ({ username, indices }: SecurityProps) => ({
  [username]: {
    // What Zipkin, its retention and an exporter of metrics ask of the cluster.
    cluster: ['monitor', 'manage_index_templates', 'manage_ilm'],
    indices: [{ names: [indices], privileges: ['all'] }],
  },
  [probe]: { cluster: ['cluster:monitor/health'] },
});

/** @param prefix of the settings */
const keyPair = (prefix: string): Record<string, string> => ({
  [`${prefix}.enabled`]: 'true',
  [`${prefix}.key`]: 'certificate/tls.key',
  [`${prefix}.certificate`]: 'certificate/tls.crt',
});
