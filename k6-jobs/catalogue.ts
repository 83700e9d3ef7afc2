/** What is known of a scenario without running it. */
export interface ScenarioFacts {
  readonly description: string;
  /** Names of its requests, for tags of k6 and for budgets that are about one of them. */
  readonly endpoints: readonly string[];
  /** Which of vus and rate of a load it goes by. */
  readonly paced: 'vus' | 'rate';
  /** Whether it changes data of the system under test, which a load test has to allow. */
  readonly writes: boolean;
  /** Whether its virtual users log in: each is a user of its own. */
  readonly users: boolean;
  /** The parameter with the seconds that pass before the load itself. */
  readonly before?: string;
  /** Thresholds of k6 on its own metrics, by metric: a run that breaks them at every runner has not tested what it is for. */
  readonly achieves?: Readonly<Record<string, readonly string[]>>;
  /** What else a load test may choose, with what it is otherwise. */
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** However well orders are refused: where none gets through, none was tested. */
const ordersGetThrough = { orders_acknowledged: ['count>0'] };

/**
 * The scenarios: each is a file of this name in scenarios/, and an entry here.
 */
export const scenarios = {
  browse: {
    description: 'A visitor who looks: the list of products, then one of them.',
    endpoints: ['product_list', 'product_detail'],
    paced: 'vus',
    writes: false,
    users: false,
    parameters: { thinkMs: 100 },
  },
  'shopping-journey': {
    description: 'A customer who looks, fills a cart and orders.',
    endpoints: ['product_list', 'product_detail', 'add_to_cart', 'create_order'],
    paced: 'vus',
    writes: true,
    users: true,
    achieves: ordersGetThrough,
    parameters: { thinkMs: 500 },
  },
  'blog-read': {
    description: 'Readers of the blog who come by the clock: lists and posts, seven to three.',
    endpoints: ['post_list', 'post_detail'],
    paced: 'rate',
    writes: false,
    users: false,
    achieves: { posts_found: ['rate>0.5'] },
    parameters: { pages: 10, posts: 600 },
  },
  'coupon-spike': {
    description: 'All users ask for the same coupon at the same instant, once each.',
    endpoints: ['coupon_issue'],
    paced: 'vus',
    writes: true,
    users: true,
    parameters: { coupon: 1 },
  },
  'search-load': {
    description: 'Searches for Korean terms, ever more of them.',
    endpoints: ['product_search'],
    paced: 'rate',
    writes: false,
    users: false,
    parameters: {},
  },
  'cache-stampede': {
    description: 'All users ask for one product in the instant in which it leaves the cache.',
    endpoints: ['warm_cache', 'thundering_herd'],
    paced: 'vus',
    writes: false,
    users: false,
    before: 'ttlSeconds',
    parameters: { product: 1, ttlSeconds: 30 },
  },
  'order-creation': {
    description: 'Orders, by the clock, each with a key of its own.',
    endpoints: ['create_order'],
    paced: 'rate',
    writes: true,
    users: true,
    achieves: ordersGetThrough,
    parameters: { products: 1000 },
  },
  'product-query': {
    description: 'Products and what sells best, by the clock.',
    endpoints: ['product_list', 'product_detail', 'sales_ranking'],
    paced: 'rate',
    writes: false,
    users: false,
    parameters: { products: 1000 },
  },
  'weighted-mix': {
    description: 'Visitors who browse, search and read reviews, three to two to one, and think in between.',
    endpoints: ['product_list', 'product_detail', 'product_search', 'product_reviews'],
    paced: 'vus',
    writes: false,
    users: false,
    parameters: { thinkMs: 1000 },
  },
  'database-heavy': {
    description: "What no cache answers: reviews, pages far down, a user's orders, and orders of many products.",
    endpoints: ['product_reviews', 'product_page', 'order_history', 'create_order'],
    paced: 'vus',
    writes: true,
    users: true,
    achieves: ordersGetThrough,
    parameters: { products: 1000, items: 5, thinkMs: 100 },
  },
} as const satisfies Record<string, ScenarioFacts>;

export type ScenarioName = keyof typeof scenarios;
export type Endpoint<Scenario extends ScenarioName> = (typeof scenarios)[Scenario]['endpoints'][number];
