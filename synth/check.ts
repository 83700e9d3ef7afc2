/** Objects that a cluster would refuse, one line each. Its message is meant for the user as it stands. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** What the checks read of a manifest. */
interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

/** Client-side apply keeps a copy of the object in an annotation, and annotations hold 256 KiB in all. */
const maxApplied = 256 * 1024;

/** Names of these become part of a label or a host name; a CronJob's Jobs get eleven characters more. */
const maxName = (kind: string) => (kind === 'CronJob' ? 52 : 63);

/** Kinds whose names are paths, not labels, and may be longer. */
const longNames = new Set(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'ConfigMap', 'ServiceAccount']);

/**
 * What a cluster would refuse, said before anything is written.
 *
 * @returns one line for each mistake: the object, what is wrong with it, and what to do
 */
export function manifestErrors(manifests: readonly Manifest[]): string[] {
  const seen = new Set<string>();
  return manifests.flatMap((manifest) => {
    const { kind, metadata } = manifest;
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
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name))
      errors.push(`${object} has a name that Kubernetes refuses: use lower-case letters, digits and "-"`);

    for (const [label, value] of Object.entries(metadata.labels ?? {}))
      if (value.length > 63 || !/^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/.test(value))
        errors.push(
          `${object} has the label ${label}="${value}", which Kubernetes refuses: at most 63 letters, digits, "-", "_" and "."`,
        );

    if (kind === 'ConfigMap') {
      const bytes = Buffer.byteLength(JSON.stringify(manifest));
      if (bytes > maxApplied)
        errors.push(
          `${object} has ${Math.ceil(bytes / 1024)} KiB, and kubectl apply takes at most ${maxApplied / 1024}: ${largest(manifest.data)}; list fewer services in this stack, or split them over two`,
        );
      for (const file of Object.keys(manifest.data ?? {}))
        if (!/^[-._a-zA-Z0-9]+$/.test(file))
          errors.push(`${object} has the key "${file}"; keys hold letters, digits, "-", "_" and "."`);
    }
    return errors;
  });
}

function largest(data: Readonly<Record<string, string>> = {}): string {
  const [name, text] = Object.entries(data).sort(([, a], [, b]) => b.length - a.length)[0] ?? ['nothing', ''];
  return `${name} takes ${Math.ceil(Buffer.byteLength(text) / 1024)}`;
}
