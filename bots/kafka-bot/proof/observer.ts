/** Who is told what the verifier reads, as it reads it. */
export interface ReadObserver {
  /** Messages of the run, of which one that is there twice counts twice. */
  received(topic: string, messages: number): void;
  duplicated(topic: string): void;
  reordered(topic: string): void;
  corrupted(topic: string): void;
  /**
   * Time from when a message was due to when it was read first. The due time is by the producer's clock and the other
   * by the verifier's: between nodes it is as exact as their clocks agree, and never below 0.
   */
  endToEnd(topic: string, seconds: number): void;
}

/** Who is told how consumer groups get on. */
export interface GroupObserver {
  /** What a group has yet to commit of a topic, and the age of the oldest of it. */
  lag(group: string, topic: string, messages: number, seconds: number): void;
  /** Seconds after the end of the load until the group had worked it off. */
  drained(group: string, seconds: number): void;
}
