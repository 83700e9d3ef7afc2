/** As much of a span of Zipkin's as links are made of. Zipkin stores ids with all their digits, and names in lower case. */
export interface Span {
  readonly traceId: string;
  readonly parentId?: string;
  readonly id: string;
  readonly kind?: 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER';
  /** Whether a server goes on with the id of its client. */
  readonly shared?: boolean;
  readonly localEndpoint?: Endpoint;
  readonly remoteEndpoint?: Endpoint;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Endpoint {
  readonly serviceName?: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly port?: number;
}
