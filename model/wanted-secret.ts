/** A Secret that the cluster makes: a user's name, and a random password that is made once and never changed. */
export interface WantedSecret {
  readonly namespace: string;
  readonly secret: string;
  readonly username: string;
  /** Where else it is needed: no pod reads a Secret of another namespace. */
  readonly copy?: { readonly namespace: string; readonly secret: string };
}
