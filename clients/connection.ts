/** How a Prometheus is reached. */
export interface Connection {
  /** Ends in "/", since a Mimir or a proxy has the API below a path. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Certificates of the authorities to trust, in PEM; left out: those that Node trusts. */
  readonly ca?: string;
  /** Seconds that an answer may take. */
  readonly timeout: number;
  /** What must not be shown, whoever says it. */
  readonly secrets: readonly string[];
}
