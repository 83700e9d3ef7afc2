/** What the shop is filled with: the same for the same number, so that filling it again changes nothing. */

const categories = [
  { name: '노트북', english: 'laptop', price: 1_200_000 },
  { name: '스마트폰', english: 'smartphone', price: 900_000 },
  { name: '이어폰', english: 'earphones', price: 120_000 },
  { name: '키보드', english: 'keyboard', price: 90_000 },
  { name: '마우스', english: 'mouse', price: 40_000 },
  { name: '모니터', english: 'monitor', price: 350_000 },
  { name: '태블릿', english: 'tablet', price: 600_000 },
  { name: '카메라', english: 'camera', price: 800_000 },
  { name: '프린터', english: 'printer', price: 200_000 },
  { name: '스피커', english: 'speaker', price: 150_000 },
] as const;

const qualities = ['가벼운', '조용한', '빠른', '튼튼한', '새로운', '작은', '선명한'] as const;
const opinions = ['아주 좋아요', '배송이 빨라요', '그저 그래요', '다시 사고 싶어요', '생각보다 커요'] as const;

const pick = <const List extends readonly [unknown, ...unknown[]]>(list: List, index: number): List[number] =>
  list[index % list.length] ?? list[0];

export function product(id: number) {
  const { name, english, price } = pick(categories, id);
  const quality = pick(qualities, id * 3);
  return {
    id,
    name: `${quality} ${name} ${id}`,
    category: name,
    price: Math.round((price * (80 + (id % 41))) / 100 / 100) * 100,
    // As long as a real one, so that a cache of them fills.
    description: `${quality} ${name}. A ${english} for every day. ${`${name}의 자세한 설명입니다. `.repeat(20)}`,
  };
}

export const user = (id: number) => ({
  id,
  email: id === 1 ? 'loadtest@test.com' : `user${id}@test.com`,
  name: `사용자 ${id}`,
});

export const review = (id: number, products: number) => ({
  id,
  productId: (id % products) + 1,
  rating: (id % 5) + 1,
  text: pick(opinions, id),
});

export const post = (id: number) => ({
  id,
  title: `${pick(qualities, id)} ${pick(categories, id).name} 고르는 법 ${id}`,
  author: `작가 ${(id % 20) + 1}`,
  body: `${pick(categories, id).name}을(를) 고를 때 살펴볼 것. `.repeat(30),
});

/** As many coupons as there are, so that each load test finds one that nobody has. */
export const couponKinds = 20;

export const coupon = (id: number) => ({ id, name: `선착순 쿠폰 ${id}` });
