import { parseConfig } from '../model/config-file.ts';

/** The lines of the error that a config gives. */
export function mistakes(text: string): string[] {
  try {
    parseConfig('shop.yaml', text);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  throw new Error('the config was accepted');
}

/** A service that has no mistake. */
export const service = '{name: a, namespace: shop, port: 8080}';
