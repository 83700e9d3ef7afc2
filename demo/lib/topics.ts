/** The topics of the shop. Events of one key stay in order, so each has the key that its order matters for. */
export const topics = {
  /** An order was made; key: the order's id. */
  orderCreated: 'order-created',
  /** A user asked for a coupon and got a place; key: the coupon's id and the user's. */
  couponRequested: 'coupon-requested',
} as const;
