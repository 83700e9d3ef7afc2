/** Why there is no answer, or none that can be used. */
export type HttpFailure = 'network' | 'redirect' | 'timeout' | 'unauthorised' | 'foreign' | 'refused';

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ENOTFOUND: 'host name not known',
  EAI_AGAIN: 'host name cannot be looked up just now',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the host',
  ECONNRESET: 'connection closed without an answer',
  UND_ERR_SOCKET: 'connection closed without an answer',
  UND_ERR_CONNECT_TIMEOUT: 'connection not taken',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS; is it an http:// address?',
};

/** Codes of certificates from an authority that is not trusted. */
const untrusted = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];

/** A request that failed, and why, in a few words. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly failure: HttpFailure;

  constructor(failure: HttpFailure, message: string) {
    super(message);
    this.failure = failure;
  }

  /** An error of the network, in words. */
  static of({ code = '', message }: NodeJS.ErrnoException): HttpError {
    if (untrusted.includes(code))
      return new HttpError('network', `its certificate is not trusted (${code}); name its authority with --ca`);
    return new HttpError('network', causes[code] ?? (code ? `${code}: ${message}` : message));
  }
}
