import { pressure } from '../../model/resource.ts';
import { rulesOf } from '../boards.ts';
import { demoConfig } from '../config-fixture.ts';
import { resources } from './cases/resources.ts';
import { resourcesOfSystems } from './cases/resources-systems.ts';

test('each facet of each resource has a case in which there is something to tell', () => {
  const recorded = rulesOf(demoConfig)
    .groups.flatMap((group) => group.rules)
    .flatMap((rule) =>
      'record' in rule && rule.record === pressure.name ? `${rule.labels?.resource} ${rule.labels?.facet}` : [],
    );
  const told = [...resources, ...resourcesOfSystems].flatMap(({ gives }) =>
    gives.map(({ labels }) => `${labels.resource} ${labels.facet}`),
  );
  expect([...new Set(told)].sort()).toEqual([...new Set(recorded)].sort());
});
