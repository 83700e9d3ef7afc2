/** A setting from the environment; an error that names it when it is not there. */
export function setting(name: string, fallback?: string): string {
  const value = process.env[name] ?? fallback;
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set`);
  return value;
}
