import type { Load } from '../k6-jobs/load.ts';
import type { ProfileName } from '../k6-jobs/profiles.ts';
import type { Address } from '../model/address.ts';
import type { ConsistencyCheck } from '../model/consistency.ts';
import type { Progress } from '../rules/progress.ts';
import type { Doubt } from '../rules/validity.ts';
import type { Question } from '../rules/verdict.ts';
import type { Generator, LoadScenario } from './generator.ts';

/** What a coordinator knows of its stack: a chart writes it to a ConfigMap, as JSON, under the key `plan.json`. */
export interface Plan {
  /** Base address of Prometheus' API; ends in "/". */
  readonly prometheusUrl: string;
  /** Receiver of what a run ends as. */
  readonly remoteWriteUrl: string;
  readonly loadTests: Readonly<Record<string, PlannedTest>>;
  /** Seconds after the end of a load until all that was measured of it is stored. */
  readonly settle: number;
  /** The pod by which k6-operator tells runners to start. */
  readonly starter: { readonly image: string };
  /** Every budget, asked of a run. */
  readonly questions: readonly Question[];
  /** What makes a run invalid. */
  readonly doubts: readonly Doubt[];
  readonly consistency: readonly ConsistencyCheck[];
  /** By `accountKey` of the consistency checks that ask SQL of them. */
  readonly databases: Readonly<Record<string, Database>>;
  /** What is shown of a run while it goes on: PromQL with its id as $testid. */
  readonly progress: Readonly<Record<Generator['job'], Readonly<Partial<Record<Progress, string>>>>>;
  /** PromQL of the messages that wait in queues; left out: there is no queue. */
  readonly backlog?: string;
}

export interface Database {
  readonly address: Address;
  /** Environment variables of the coordinator that hold the user who may read it. */
  readonly userVariable: string;
  readonly passwordVariable: string;
}

export type Engine = 'jobs' | 'operator';

/** A load test as the config has it. */
export interface PlannedTest {
  readonly scenario: LoadScenario;
  readonly profile: ProfileName;
  /** Empty where a bot's messages are for none in particular. */
  readonly service: string;
  /** Base address of the requests, or the brokers. */
  readonly url: string;
  readonly runners: number;
  readonly engine: Engine;
  readonly load: Partial<Pick<Load, 'vus' | 'rate' | 'duration'>>;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly users?: Users;
  /** Pod template of a runner, as Kubernetes' API has it. */
  readonly template: PodTemplate;
}

/** Who logs in. */
export interface Users {
  /** Path of the login below the URL of the load test. */
  readonly path: string;
  /** Such as `user{n}@test.com`. */
  readonly name: string;
  readonly first: number;
  readonly count: number;
  /** Environment variable of the coordinator that holds their password. */
  readonly passwordVariable: string;
}

/** As much of a pod template as is changed for a run. */
export interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly [
      {
        readonly name: string;
        readonly image?: string;
        readonly args?: readonly string[];
        readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
      },
    ];
  };
}

/**
 * What a coordinator is asked for beside what the plan says: in its environment, which a launch changes.
 * STEPS is JSON; one step is a single run, more are a suite.
 */
export interface Step {
  readonly loadTest: string;
  readonly profile?: ProfileName;
  readonly runners?: number;
  readonly engine?: Engine;
  /** Changes of the load (vus, rate, duration) and of the scenario's parameters, as text: `vus`: "20", `duration`: "45s". */
  readonly set?: Readonly<Record<string, string>>;
}
