/** A Secret that the cluster makes, once: what is in it is never changed. */
export type WantedSecret = WantedPassword | WantedCertificate;

interface Named {
  readonly namespace: string;
  readonly secret: string;
}

/** A user's name, and a random password. */
export interface WantedPassword extends Named {
  readonly username: string;
  /** Where else it is needed: no pod reads a Secret of another namespace. */
  readonly copy?: { readonly namespace: string; readonly secret: string };
  /** Whether it has, as `users`, the line that Elasticsearch's file of users wants, with a hash of the password. */
  readonly elasticsearchUser?: boolean;
}

/** A server's certificate as `tls.crt` and `tls.key`, with its authority as `ca.crt` and, for Java, `truststore.jks`. */
export interface WantedCertificate extends Named {
  readonly certificate: { readonly hosts: readonly string[] };
}
