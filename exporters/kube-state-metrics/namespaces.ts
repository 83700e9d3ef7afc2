import type { Config } from '../../model/config.ts';

/** Whose pods are looked at: the stack's own, and those of what is under test. */
export const watchedNamespaces = ({ namespace, services }: Config): string[] => [
  ...new Set([namespace, ...services.map((service) => service.namespace)]),
];
