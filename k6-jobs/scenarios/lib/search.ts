import { below } from './chance.ts';
import { goodWhen } from './checks.ts';
import type { Answer, Shop } from './shop.ts';

const kinds = ['노트북', '스마트폰', '이어폰', '키보드', '마우스', '모니터', '태블릿', '카메라', '프린터', '스피커'];
const qualities = ['', '가벼운 ', '조용한 ', '빠른 ', '튼튼한 '];

const hasHits = goodWhen('product_search', { 'has hits': (hits) => hits.data('content.0.id') != null });

/**
 * Searches for something that the shop sells.
 *
 * @returns undefined where there are no hits
 */
export function searchProducts(shop: Shop<'product_search'>): Answer | undefined {
  const term = `${qualities[below(qualities.length)]}${kinds[below(kinds.length)]}`;
  const hits = shop.get('product_search', `/api/v1/products/search?keyword=${encodeURIComponent(term)}&page=0&size=20`);
  return hasHits(hits) ? hits : undefined;
}
