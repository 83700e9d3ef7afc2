import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Config } from '../../model/config.ts';
import { type Images, resolveImages } from '../../model/images.ts';
import type { Target } from '../../model/target.ts';

export interface StackChartProps {
  readonly config: Config;
  readonly targets: readonly Target[];
}

/** A chart of the stack: its objects are in the stack's namespace unless it or they say otherwise. */
export abstract class StackChart extends Chart {
  protected readonly images: Images;

  constructor(scope: Construct, id: string, { config }: StackChartProps, namespace = config.namespace) {
    super(scope, id, { namespace, disableResourceNameHashes: true });
    this.images = resolveImages(config.images.registry, config.images.overrides);
  }
}
