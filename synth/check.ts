/** Objects that a cluster would refuse, one line each. Its message is meant for the user as it stands. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** What the checks read of a manifest. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** Client-side apply keeps a copy of the object in an annotation, and annotations hold 256 KiB in all. */
const maxApplied = 256 * 1024;

/** Names of these become part of a label or a host name; a CronJob's Jobs get eleven characters more. */
const maxName = (kind: string) => (kind === 'CronJob' ? 52 : 63);

/** Kinds whose names are paths, not labels, and may be longer. */
const longNames = new Set(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'ConfigMap', 'ServiceAccount']);

/** Kinds whose names are part of a host name. */
const dotless = new Set(['Namespace', 'Service']);

/**
 * What a cluster would refuse, said before anything is written.
 *
 * @returns one line for each mistake: the object, what is wrong with it, and what to do
 */
export function manifestErrors(manifests: readonly Manifest[]): string[] {
  const seen = new Set<string>();
  return manifests.flatMap((manifest) => {
    const { kind, metadata } = manifest;
    const files = { ...manifest.data, ...manifest.binaryData };
    const { name, namespace = '' } = metadata;
    const object = `${kind} "${name}"`;
    const errors: string[] = [];

    const key = `${kind}/${namespace}/${name}`;
    if (seen.has(key)) errors.push(`${object} is there twice: two entries of the config make the same name`);
    seen.add(key);

    const limit = longNames.has(kind) ? 253 : maxName(kind);
    if (name.length > limit)
      errors.push(
        `${object} has a name of ${name.length} characters, at most ${limit} are allowed: shorten the name it is made from in the config`,
      );
    if (!(dotless.has(kind) ? /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/ : /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/).test(name))
      errors.push(`${object} has a name that Kubernetes refuses: use lower-case letters, digits and "-"`);

    for (const [label, value] of Object.entries(metadata.labels ?? {}))
      if (value.length > 63 || !/^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/.test(value))
        errors.push(
          `${object} has the label ${label}="${value}", which Kubernetes refuses: at most 63 letters, digits, "-", "_" and "."`,
        );

    for (const file of Object.keys(files))
      if (!/^[-._a-zA-Z0-9]+$/.test(file))
        errors.push(`${object} has the key "${file}"; keys hold letters, digits, "-", "_" and "."`);

    const bytes = appliedBytes(manifest);
    if (bytes > maxApplied)
      errors.push(
        `${object} has ${Math.ceil(bytes / 1024)} KiB, and kubectl apply takes at most ${maxApplied / 1024}${largest(files)}; divide the config over two stacks, each in a namespace of its own`,
      );
    return errors;
  });
}

/** The annotation with kubectl's copy: its key, and JSON in which Go writes some characters as six. */
const appliedBytes = (manifest: Manifest) =>
  'kubectl.kubernetes.io/last-applied-configuration\n'.length +
  Buffer.byteLength(JSON.stringify(manifest).replaceAll(/[<>&\u2028\u2029]/g, '\\u0000'));

function largest(files: Readonly<Record<string, string>>): string {
  const [entry] = Object.entries(files).sort(([, a], [, b]) => b.length - a.length);
  return entry ? `: ${entry[0]} takes ${Math.ceil(Buffer.byteLength(entry[1]) / 1024)}` : '';
}
