import { goodWhen } from './checks.ts';
import type { Answer, Shop } from './shop.ts';

const isList = goodWhen('product_list', { 'has products': (list) => idsIn(list)[0] != null });
const isProduct = goodWhen<number>('product_detail', {
  'is the one asked for': (product, id) => product.data('id') === id,
});
const areReviews = goodWhen('product_reviews', { 'has a list': (reviews) => isCount(reviews.data('content.#')) });

/** Whether something is how many a list has, and there is a list. */
export const isCount = (value: unknown): boolean => typeof value === 'number';

/** @returns undefined where there is no such list */
export function listProducts(shop: Shop<'product_list'>, page: number): Answer | undefined {
  const list = shop.get('product_list', `/api/v1/products?page=${page}&size=20`);
  return isList(list) ? list : undefined;
}

/** The products of a list. */
export const idsIn = (list: Answer) => (list.data('content.#.id') ?? []) as readonly number[];

export function showProduct(shop: Shop<'product_detail'>, id: number): boolean {
  return isProduct(shop.get('product_detail', `/api/v1/products/${id}`), id);
}

export function readReviews(shop: Shop<'product_reviews'>, product: number, page: number): boolean {
  return areReviews(shop.get('product_reviews', `/api/v1/products/${product}/reviews?page=${page}&size=20`));
}
