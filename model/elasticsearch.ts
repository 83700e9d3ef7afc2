import * as z from 'zod';
import { dnsLabel, hostPort, secretRef } from './patterns.ts';

/** An Elasticsearch or OpenSearch under test. */
export const Elasticsearch = z.strictObject({
  name: dnsLabel(40).meta({ description: 'The value of the `instance` label.' }),
  address: hostPort.meta({ description: 'host:port of the HTTP API.' }),
  tls: z.boolean().default(false).meta({ description: 'Whether it speaks TLS.' }),
  credentialsSecret: secretRef.optional().meta({
    description: 'Secret with `username` and `password` of a user that may monitor the cluster.',
  }),
  caSecret: secretRef.optional().meta({
    description: 'Secret with `ca.crt`, the authority that signed its certificate. Left out: a public one.',
  }),
});
