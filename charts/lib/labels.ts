/** Labels of every object: what it is, and that the stack made it. */
export const labels = (name: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/part-of': 'loadscope',
});

/** Name of the CronJob of a load test, and of its pods. */
export const k6Name = (loadTest: string) => `k6-${loadTest}`;

/** What a Service or policy recognises the pods of a workload by. */
export const selector = (name: string) => ({ 'app.kubernetes.io/name': name });
