/** Something that happened, marked on every panel: when the expression has a series, and over how long. */
export interface Annotation {
  readonly name: string;
  readonly expr: string;
  /** Text with `{{label}}`. */
  readonly title: string;
  readonly color: 'blue' | 'red';
}
