/** `page` counts from 0, as Spring's. */
export interface Paging {
  readonly page: number;
  readonly size: number;
}

const properties = {
  page: { type: 'integer', minimum: 0, maximum: 100_000, default: 0 },
  size: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
} as const;

/** The schema of a query with `page`, `size` and nothing else that is looked at. */
export const pagingSchema = { type: 'object', properties } as const;

/** The same with a keyword to search for. */
export const searchSchema = {
  type: 'object',
  required: ['keyword'],
  properties: { ...properties, keyword: { type: 'string', minLength: 1, maxLength: 100 } },
} as const;

/** A page as Spring Data answers it. */
export const pageOf = <T>(content: readonly T[], { page, size }: Paging, totalElements: number) => ({
  content,
  page,
  size,
  totalElements,
  totalPages: Math.ceil(totalElements / size),
});

/** The schema of a path with a numeric id. */
export const idSchema = {
  type: 'object',
  properties: { id: { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 } },
} as const;
