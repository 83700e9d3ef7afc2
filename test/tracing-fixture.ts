import { find, type Manifest, manifestsOf } from './stack-fixture.ts';

/** Stacks that store spans in different ways, and what is asked of them. */

export const own = manifestsOf({});
export const scale = manifestsOf({ profile: 'scale' });
export const plain = manifestsOf({ tracing: { tls: false } });
export const urls = ['https://es.data.svc:9243', 'https://traces.example.com'];
export const external = manifestsOf({
  tracing: { elasticsearch: { urls, credentialsSecret: 'es-writer', caSecret: 'es-ca' }, shards: 3 },
});

export const elasticsearch = (manifests: Manifest[]) => find(manifests, 'StatefulSet', 'elasticsearch').spec;
export const zipkin = (manifests: Manifest[]) => find(manifests, 'Deployment', 'zipkin').spec;

/** Variables of the first container, or of the init container. */
export const env = ({ template }: Manifest, containers = 'containers'): Record<string, Manifest> =>
  Object.fromEntries(
    template.spec[containers][0].env.map(({ name, value, valueFrom }: Manifest) => [
      name,
      value ?? valueFrom.secretKeyRef ?? valueFrom.fieldRef,
    ]),
  );

/** Where a container finds what of a Secret. */
export const secretFiles = ({ template }: Manifest, containers = 'containers') =>
  template.spec[containers][0].volumeMounts.flatMap(({ name, mountPath }: Manifest) => {
    const { secret } = template.spec.volumes.find((volume: Manifest) => volume.name === name) ?? {};
    return secret?.items.map(({ key, path }: Manifest) => [`${mountPath}/${path}`, secret.secretName, key]) ?? [];
  });

export const policies = (manifests: Manifest[]) => manifests.filter(({ kind }) => kind === 'NetworkPolicy');

export const wanted = (manifests: Manifest[]): string[] => {
  const { spec } = manifests.find(({ kind, metadata }) => kind === 'Job' && /^make-secrets/.test(metadata.name));
  return JSON.parse(env(spec).WANTED).map(({ secret }: { secret: string }) => secret);
};
