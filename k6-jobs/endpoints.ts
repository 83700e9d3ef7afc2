/** What requests of each scenario are called, for tags of k6 and for budgets that are about one of them. */
export const endpoints = {
  browse: ['product_list', 'product_detail'],
} as const;

export type Endpoint<Scenario extends keyof typeof endpoints> = (typeof endpoints)[Scenario][number];
