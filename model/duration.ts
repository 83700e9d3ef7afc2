const units: Readonly<Record<string, number>> = {
  ...{ ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 },
  // Without a leap year, as Prometheus has it.
  y: 31_536_000,
};

/** The seconds of a duration as Prometheus and Grafana write it, such as `15s` or `1h30m`; undefined for what is none. */
export function seconds(duration: string): number | undefined {
  if (!/^(\d+(ms|[smhdwy]))+$/.test(duration)) return undefined;
  const parts = [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)];
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (units[unit] ?? 0), 0);
}
