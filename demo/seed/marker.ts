import type { Session } from '../lib/database.ts';

/** Throws until the seed has filled the database: a shop without products is not ready. */
export async function isSeeded(session: Session): Promise<void> {
  const rows = await session.rows('SELECT 1 FROM seed WHERE id = 1');
  if (rows.length === 0) throw new Error('the database is not filled yet');
}
