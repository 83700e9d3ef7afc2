import { randomUUID } from 'node:crypto';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, type App } from 'cdk8s';
import { contractMistakes } from '../contract/index.ts';
import { targets } from '../exporters/index.ts';
import type { Config } from '../model/config.ts';
import { consistencyQuestions } from '../model/consistency.ts';
import { archiveQueries } from '../rules/archived.ts';
import { doubts as doubtsOf } from '../rules/validity.ts';
import { verdictQuestions } from '../rules/verdict.ts';
import { monitoring, stack } from './app.ts';
import { askedOfRuns } from './asked-of-runs.ts';
import { budgetMistakes } from './budget-mistakes.ts';
import { ManifestError, manifestErrors } from './check.ts';
import { consistencyMistakes } from './consistency-mistakes.ts';
import { droppedReads } from './dropped-reads.ts';
import { loadTestMistakes } from './load-test-mistakes.ts';
import { writtenJobs } from './written-jobs.ts';
import { writtenQueries } from './written-queries.ts';

/** Files that an earlier synth wrote. */
const ours = /^\d{4}-.+\.k8s\.yaml$/;

/**
 * The stack of a config, held against what a cluster would refuse, the metric contract, and what the scrape jobs drop.
 *
 * @throws ManifestError with every mistake
 */
export function checkedStack(config: Config, outdir?: string): { app: App } {
  const app = stack(config, outdir);
  const manifests = manifestsOf(app);
  const { mistakes, ...queries } = heldAgainstContract(config, manifests);
  const errors = [
    ...manifestErrors(manifests),
    ...consistencyMistakes(config),
    ...loadTestMistakes(config),
    ...mistakes,
    ...droppedReads(targets(config), {
      jobs: writtenJobs(manifests),
      ...queries,
      questions: askedOfRuns(config, targets(config)),
    }),
  ];
  if (errors.length) throw new ManifestError(errors.join('\n'));
  return { app };
}

/**
 * What the stack of a config asks Prometheus, held against the metric contract.
 *
 * @throws ManifestError with every mistake
 */
export function checkedQueries(config: Config) {
  const manifests = manifestsOf(monitoring(config));
  const { mistakes, ...queries } = heldAgainstContract(config, manifests);
  const errors = [...manifestErrors(manifests), ...mistakes];
  if (errors.length) throw new ManifestError(errors.join('\n'));
  return queries;
}

const manifestsOf = (app: App) =>
  app.node
    .findAll()
    .filter(ApiObject.isApiObject)
    .map((object) => object.toJson());

function heldAgainstContract(config: Config, manifests: ReturnType<typeof manifestsOf>) {
  const queries = writtenQueries(manifests);
  const declared = targets(config);
  const questions = verdictQuestions(config, declared);
  const doubts = doubtsOf(config, declared);
  const mistakes = [
    ...budgetMistakes(config, declared),
    ...contractMistakes(
      declared,
      queries.dashboards,
      queries.rules,
      [...questions, ...consistencyQuestions(config.consistency)],
      doubts,
      archiveQueries(config, declared),
    ),
  ];
  return { ...queries, questions, doubts, mistakes };
}

/**
 * Writes the manifests of a config. They are written beside the old ones and take their place when all are
 * complete: a config that is refused or a disk that is full leaves the folder as it was. Files of others in
 * the folder stay.
 *
 * @returns the names of the files
 * @throws ManifestError when the stack has a mistake, or the error of the file system
 */
export function publish(config: Config, outdir: string): string[] {
  // Inside the folder, because only a rename within one file system is whole or not at all.
  const staging = join(outdir, `.synth-${randomUUID()}`);
  const { app } = checkedStack(config, staging);
  try {
    app.synth();
    const written = readdirSync(staging).sort();
    for (const file of written) renameSync(join(staging, file), join(outdir, file));
    for (const file of readdirSync(outdir)) if (ours.test(file) && !written.includes(file)) rmSync(join(outdir, file));
    return written;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
