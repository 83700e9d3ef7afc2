import * as z from 'zod';
import { namedList } from './named-list.ts';

/** What CPU and memory cost, by which a run is priced (report/cost.ts). */

const isCurrency = (code: string) => Intl.supportedValuesOf('currency').includes(code);

const notACurrency = 'must be a currency code of ISO 4217, for example EUR';

const rate = z.number('must be a price per hour, 0 or more').min(0, 'must be a price per hour, 0 or more');

const both = (rates: { readonly cpuHour?: number; readonly memoryGibHour?: number }) =>
  (rates.cpuHour === undefined) === (rates.memoryGibHour === undefined);
const halfPriced =
  'has one of cpuHour and memoryGibHour, and needs both: a price would be too low without the other. What is free is 0';

/** Something whose rates differ from those of the rest. */
const Override = z
  .strictObject({
    name: z.string().min(1).meta({ description: 'Name of a service or of a data system.' }),
    cpuHour: rate.optional().meta({ description: 'Price of one core for an hour.' }),
    memoryGibHour: rate.optional().meta({ description: 'Price of one GiB of memory for an hour.' }),
    hour: rate.optional().meta({
      description:
        'Price of an hour of it as a whole, in place of both: for what is rented so, such as a managed database.',
    }),
  })
  .refine(both, halfPriced)
  .refine(({ cpuHour, hour }) => (cpuHour === undefined) !== (hour === undefined), {
    message: 'needs either cpuHour and memoryGibHour or hour, and not all of them',
  });

export const CostRates = z
  .strictObject({
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, { error: notACurrency, abort: true })
      .refine(isCurrency, notACurrency)
      .default('USD')
      .meta({ description: 'Currency of the prices: a code of ISO 4217.' }),
    cpuHour: rate.optional().meta({
      description: 'Price of one core for an hour. Left out, as is memoryGibHour: reports have hours and no prices.',
    }),
    memoryGibHour: rate.optional().meta({ description: 'Price of one GiB (2^30 bytes) of memory for an hour.' }),
    basis: z.enum(['usage', 'requests', 'limits']).default('usage').meta({
      description:
        'Which CPU and memory is priced. `usage`: what containers used, which a change of the code changes. `requests`, `limits`: what is set on the containers, times replicas; a bill of the cloud follows requests ([cost.md](cost.md)).',
    }),
    overrides: namedList(Override).meta({ description: 'Services and data systems with rates of their own.' }),
  })
  .refine(both, halfPriced);

export type CostRates = z.infer<typeof CostRates>;
