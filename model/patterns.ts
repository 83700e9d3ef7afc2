import * as z from 'zod';

/** The patterns that names, addresses and amounts follow, each with the sentence an error shows. */

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A DNS label (RFC 1123): what Kubernetes takes as the name of a namespace or a Service. */
export const dnsLabel = (max = 63) =>
  z
    .string()
    .regex(label, `must be a DNS label: lower-case letters, digits and "-", with a letter or digit at both ends`)
    .max(max, `must have at most ${max} characters, because the names of Kubernetes objects are made from it`);

/** Labels of Kubernetes objects, by which something is found; at least one, since none would find everything. */
export const labelMap = z
  .record(
    z.string().regex(/^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/, 'must be a label key'),
    z
      .string()
      .regex(/^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/, 'must be a label value')
      .max(63, 'must have at most 63 characters'),
  )
  .refine((labels) => Object.keys(labels).length > 0, 'must name at least one label');

/** The name of a Secret, or another DNS subdomain. */
export const dnsSubdomain = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    'must be a DNS name: labels of lower-case letters, digits and "-", joined by dots',
  )
  .max(253, 'must have at most 253 characters');

const portRange = 'must be a port, a whole number from 1 to 65535';

export const port = z.int(portRange).min(1, portRange).max(65535, portRange);

export const secretRef = dnsSubdomain.meta({
  description: 'Name of an existing Secret in the namespace of the stack.',
});

/** `host:port` of something that runs elsewhere; Service DNS names and IPv4 addresses. */
export const hostPort = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?:\d{1,5}$/, {
    error: 'must be host:port, for example mysql.shop.svc.cluster.local:3306',
    abort: true,
  })
  .refine((text) => port.safeParse(Number(text.split(':')[1])).success, 'must end in a port from 1 to 65535');

/** A duration as Prometheus writes it. */
export const duration = z
  .string()
  .regex(
    /^\d+(ms|s|m|h|d|w|y)$/,
    'must be a duration: a whole number and one of ms, s, m, h, d, w, y, for example 15d',
  );

/** An amount of bytes as Prometheus writes it; its units are powers of 1024. */
export const prometheusSize = z
  .string()
  .regex(/^\d+(MB|GB|TB)$/, 'must be a size: a whole number and one of MB, GB, TB, for example 8GB');

/** An amount of storage as Kubernetes writes it. */
export const storageQuantity = z
  .string()
  .regex(/^\d+(Mi|Gi|Ti)$/, 'must be a quantity: a whole number and one of Mi, Gi, Ti, for example 10Gi');

/** `registry/repository:tag`, or pinned by digest; never `latest`, which changes under a running stack. */
export const image = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._:/-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})$/,
    'must be an image with a tag or digest, for example registry.example.com/prom/prometheus:v3.14.0',
  )
  .refine((reference) => !reference.endsWith(':latest'), 'must be pinned to a version, not to latest');

const powers = { M: 2, G: 3, T: 4 } as const;

/** Bytes in `8GB`, `10Gi` and their like: both notations are powers of 1024. */
export function bytes(size: string): number {
  const [, amount, unit] = /^(\d+)([MGT])/.exec(size) ?? [];
  if (!amount || !unit) throw new Error(`"${size}" is not a size`);
  return Number(amount) * 1024 ** powers[unit as keyof typeof powers];
}

/** The address of a web page or service. */
export const webUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .regex(/[^/]$/, 'must not end in "/"');

/** The address that something is posted to, as it stands in a manifest. */
export const receiverUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .regex(/^[^@]*$/, 'holds a user or a password, which would be in a manifest')
  .regex(/^[^{}]*$/, 'must have no braces, which Alertmanager would read as a template');
