import type { RuleCase } from '../case.ts';

const used = (id: string, cpu: string, instance = 'node-1') =>
  `container_cpu_usage_seconds_total{job="containers",instance="${instance}",id="${id}",cpu="${cpu}"}`;
const cores = (instance: string, boot = 'a') =>
  `machine_cpu_cores{job="containers",instance="${instance}",boot_id="${boot}"}`;

const nodeCpu: readonly RuleCase[] = [
  {
    when: 'fires above nine tenths of the cores',
    series: {
      [used('/', 'cpu00')]: '0+15x20',
      [used('/', 'cpu01')]: '0+12.3x20',
      [cores('node-1')]: '2x20',
      [used('/', 'cpu00', 'node-2')]: '0+15x20',
      [cores('node-2')]: '4x20',
    },
    fires: [{ instance: 'node-1', severity: 'warning' }],
  },
  {
    when: 'is silent at nine tenths, of which containers are a part',
    series: {
      [used('/', 'cpu00')]: '0+27x10',
      [used('/pod', 'cpu00')]: '0+14x10',
      [cores('node-1')]: '1x10',
    },
    interval: '30s',
    fires: [],
  },
  {
    when: 'is silent a little below',
    series: { [used('/', 'cpu00')]: '0+14x20', [used('/', 'cpu01')]: '0+11.9x20', [cores('node-1')]: '2x20' },
    fires: [],
  },
  {
    when: 'counts cores once, though a node was started anew',
    series: { [used('/', 'cpu00')]: '0+27x20', [cores('node-1')]: '2x20', [cores('node-1', 'b')]: '1x20' },
    fires: [],
  },
  {
    when: 'counts them once where they are fewer, too',
    series: { [used('/', 'cpu00')]: '0+28x20', [cores('node-1')]: '2x20', [cores('node-1', 'b')]: '1x20' },
    fires: [{ instance: 'node-1' }],
  },
  {
    when: 'waits for a minute',
    series: { [used('/', 'cpu00')]: '99+15x20', [cores('node-1')]: '1x20' },
    at: '90s',
    fires: [],
  },
  {
    when: 'fires after a minute of it, however small the node is',
    series: { [used('/', 'cpu00')]: '99+0.75x20', [cores('node-1')]: '0.05x20' },
    at: '105s',
    fires: [{ instance: 'node-1' }],
  },
  {
    when: 'does not take a new start for use',
    series: { [used('/', 'cpu00')]: '9000+1x16 0+1x3', [cores('node-1')]: '1x20' },
    fires: [],
  },
  {
    when: 'is silent where the cores are not known',
    series: { [used('/', 'cpu00')]: '0+15x20', [cores('node-1')]: '0x20' },
    fires: [],
  },
  {
    when: 'is silent for an idle node',
    series: { [used('/', 'cpu00')]: '5x20', [cores('node-1')]: '1x20' },
    fires: [],
  },
  {
    when: 'ends when the node is gone',
    series: { [used('/', 'cpu00')]: '0+15x16 stale', [cores('node-1')]: '1x16 stale' },
    fires: [],
  },
].map((one) => ({ alert: 'NodeCpuSaturated', ...one }));

const workingSet = (id: string, instance = 'node-1') =>
  `container_memory_working_set_bytes{job="containers",instance="${instance}",id="${id}"}`;
const machine = (instance: string, boot = 'a') =>
  `machine_memory_bytes{job="containers",instance="${instance}",boot_id="${boot}"}`;

const again = workingSet('/').replace('job', 'name="b",job');

const nodeMemory: readonly RuleCase[] = [
  {
    when: 'fires above 95 % of the memory of a node',
    series: {
      [workingSet('/')]: '961x20',
      [machine('node-1')]: '1000x20',
      [workingSet('/', 'node-2')]: '961x20',
      [machine('node-2')]: '2000x20',
    },
    fires: [{ instance: 'node-1', severity: 'warning' }],
  },
  {
    when: 'is silent at 95 %, whatever a container takes',
    series: { [workingSet('/')]: '950x20', [workingSet('/pod')]: '990x20', [machine('node-1')]: '1000x20' },
    fires: [],
  },
  {
    when: 'is silent a little below',
    series: { [workingSet('/')]: '920x20', [machine('node-1')]: '1000x20' },
    fires: [],
  },
  {
    when: 'takes the greater of what two lives of a node say',
    series: { [workingSet('/')]: '940x20', [machine('node-1')]: '1000x20', [machine('node-1', 'b')]: '500x20' },
    fires: [],
  },
  {
    when: 'does not add them up',
    series: { [workingSet('/')]: '960x20', [machine('node-1')]: '1000x20', [machine('node-1', 'b')]: '500x20' },
    fires: [{ instance: 'node-1' }],
  },
  {
    when: 'takes the greater of two figures for what is in use',
    series: { [workingSet('/')]: '960x20', [again]: '700x20', [machine('node-1')]: '1000x20' },
    fires: [{ instance: 'node-1' }],
  },
  {
    when: 'does not add those up either',
    series: { [workingSet('/')]: '600x20', [again]: '700x20', [machine('node-1')]: '1000x20' },
    fires: [],
  },
  {
    when: 'waits for a minute',
    series: { [workingSet('/')]: '960x20', [machine('node-1')]: '1000x20' },
    at: '45s',
    fires: [],
  },
  {
    when: 'fires after a minute of it, however small the node is',
    series: { [workingSet('/')]: '0.048x20', [machine('node-1')]: '0.05x20' },
    at: '1m',
    fires: [{ instance: 'node-1' }],
  },
  {
    when: 'ends when the node is gone',
    series: { [workingSet('/')]: '960x19 stale', [machine('node-1')]: '1000x19 stale' },
    fires: [],
  },
  {
    when: 'is silent where the size of the node is not known',
    series: { [workingSet('/')]: '960x20', [machine('node-1')]: '0x20' },
    fires: [],
  },
].map((one) => ({ alert: 'NodeMemoryNearlyFull', ...one }));

export const nodes: readonly RuleCase[] = [...nodeCpu, ...nodeMemory];
