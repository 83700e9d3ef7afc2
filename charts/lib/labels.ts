/** Labels of every object: what it is, and that the stack made it. */
export const labels = (name: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/part-of': 'loadscope',
});

/** What a Service or policy recognises the pods of a workload by. */
export const selector = (name: string) => ({ 'app.kubernetes.io/name': name });
