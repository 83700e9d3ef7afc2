/** A setting of the run. A scenario without it stops before it sends anything. */
export function required(name: string): string {
  const value = __ENV[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}
