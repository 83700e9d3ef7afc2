import type { SyntaxNode } from '@lezer/common';
import type { Catalogue } from './catalogue.ts';
import type { Vector } from './vector.ts';

/** PromQL as it stands in a dashboard or a rule. */
export interface Expression {
  /** For messages: `dashboard "…", panel "…", query A`. */
  readonly where: string;
  readonly text: string;
  /**
   * What is made of the answer. A condition has none while it does not hold; of a recorded series it is not known yet,
   * and a variable asks only what there is.
   */
  readonly shows: 'numbers' | 'histograms' | 'condition' | 'recorded' | 'series';
  /** Labels that its legend or the text of its alert reads. */
  readonly labels: readonly string[];
  /** Those of its dashboard, by name. */
  readonly variables: Variables;
}

export type Variables = ReadonlyMap<string, Variable>;

export interface Variable {
  /** Whether it stands for a duration. */
  readonly interval: boolean;
  /** Whether several values may be chosen at once, which Grafana then writes as a regular expression. */
  readonly several: boolean;
}

/** What the parts of the check share about the expression at hand. */
export interface Context {
  readonly catalogue: Catalogue;
  readonly variables: Variables;
  /** The text of a node as it is written, with Grafana's variables. */
  written(node: SyntaxNode): string;
  /** The text of a node with something in the place of each variable. */
  sent(node: SyntaxNode): string;
  /** Notes a mistake. */
  mistake(message: string): void;
  /** What a node gives. */
  infer(node: SyntaxNode): Vector | undefined;
  /** The same where its values are read, which those of a counter as it was scraped must not be. */
  read(node: SyntaxNode): Vector | undefined;
}
