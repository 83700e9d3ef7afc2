/** A run that ends before its time, and so says nothing. Its message is the reason, for people. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** A run whose name is taken: what is written under it is another's. */
export class AlreadyRun extends Error {
  override readonly name = 'AlreadyRun';
}
