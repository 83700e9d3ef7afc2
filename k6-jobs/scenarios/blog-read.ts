import { check } from 'k6';
import { Rate } from 'k6/metrics';
import { below, oneByWeight, oneOf } from './lib/chance.ts';
import { goodWhen } from './lib/checks.ts';
import { parametersOf } from './lib/env.ts';
import { optionsOf } from './lib/options.ts';
import { byTheClock } from './lib/pace.ts';
import { expecting, shopFor } from './lib/shop.ts';

/** Readers of the blog: lists and posts, seven to three. Old links are followed too, and some of their posts are gone. */

export { setup } from './lib/setup.ts';
export { handleSummary } from './lib/summary.ts';

const shop = shopFor<'blog-read'>();
const { pages, posts } = parametersOf<'blog-read'>();
const isList = goodWhen('post_list', { 'has posts': (list) => list.data('content.0.id') != null });
const expected = expecting(200, 404);

/** A 404 is a good answer, and a blog that answers nothing else is none. */
const found = new Rate('posts_found');

export const options = optionsOf('blog-read', { 'blog-read': byTheClock() });

export default function blogRead(): void {
  oneByWeight([
    [7, readList],
    [3, readPost],
  ]);
}

function readList(): void {
  isList(shop.get('post_list', `/api/v1/posts?page=${below(pages)}&size=20`));
}

function readPost(): void {
  const id = oneOf(posts);
  const answer = shop.get('post_detail', `/api/v1/posts/${id}`, { expected });
  const { status } = answer;
  const isPost = status === 200 && answer.data('id') === id;
  const isGone = status === 404 && answer.code !== undefined;
  check(status, {
    'post_detail answers 200 or 404': () => status === 200 || status === 404,
    'post_detail is the one asked for, or gone': () => isPost || isGone,
  });
  found.add(status === 200);
}
