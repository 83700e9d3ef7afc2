/** What a producer answers for: everything that it gave a sequence number, and what of it was acknowledged. */
export interface Ledger {
  readonly testid: string;
  readonly producer: number;
  readonly partitions: readonly PartitionLedger[];
}

export interface PartitionLedger {
  readonly topic: string;
  readonly partition: number;
  /** Sequence numbers 0 to sent - 1 were given. */
  readonly sent: number;
  /** First and last number of each range of which the brokers acknowledged nothing: they may have it or not. */
  readonly unacknowledged: readonly (readonly [first: number, last: number])[];
}
