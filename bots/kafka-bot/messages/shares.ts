/** Shares of the Korean exchange: code, company, and about how many won one costs. The first are the most traded. */
const listed: readonly (readonly [symbol: string, company: string, won: number])[] = [
  ['005930', '삼성전자', 71_000],
  ['000660', 'SK하이닉스', 180_000],
  ['373220', 'LG에너지솔루션', 390_000],
  ['207940', '삼성바이오로직스', 780_000],
  ['005380', '현대차', 240_000],
  ['000270', '기아', 105_000],
  ['068270', '셀트리온', 180_000],
  ['005490', 'POSCO홀딩스', 380_000],
  ['035420', 'NAVER', 175_000],
  ['051910', 'LG화학', 370_000],
  ['035720', '카카오', 43_000],
  ['105560', 'KB금융', 78_000],
];

/** How many there are to choose from, where nothing else is said. */
export const shares = 3000;

/** A code of six digits: beyond the list one that is made up. */
export const symbolOf = (subject: number): string => listed[subject]?.[0] ?? String(900_000 + subject).slice(-6);

export const companyOf = (subject: number): string => listed[subject]?.[1] ?? `종목 ${subject + 1}`;

/** Bytes of the longest name among the first of them. */
export const longestCompany = (count: number): number =>
  Math.max(...[...listed.keys(), count - 1].map((subject) => Buffer.byteLength(companyOf(subject))));

/** Digits, at most. */
export const longestPrice = 6;

/** Won: within 3 % of what a share usually costs, given a chance from 0 to 1. */
export function priceOf(subject: number, chance: number): number {
  const usual = listed[subject]?.[2] ?? 1000 + ((subject * 7919) % 99_000);
  return Math.round(usual * (0.97 + 0.06 * chance));
}
