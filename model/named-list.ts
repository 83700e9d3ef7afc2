import * as z from 'zod';

/** A list whose entries are told apart by name; left out it is empty. */
export const namedList = <Entry extends z.ZodType<{ name: string }>>(entry: Entry) =>
  z
    .array(entry)
    .superRefine(
      (entries, context) => {
        const first = new Map<string, number>();
        for (const [index, value] of entries.entries()) {
          const { name } = (value ?? {}) as { name?: unknown };
          if (typeof name !== 'string') continue;
          if (first.has(name))
            context.addIssue({
              code: 'custom',
              path: [index, 'name'],
              message: `"${name}" is already the name of entry ${first.get(name)} of this list (counted from 0); names must differ`,
            });
          else first.set(name, index);
        }
      },
      { when: ({ value }) => Array.isArray(value) },
    )
    .default([]);
