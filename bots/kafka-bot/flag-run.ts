import { defaultTestid } from '../../runs/launch.ts';
import { testidMistake } from '../../runs/names.ts';
import { roles } from './flag-table.ts';
import { choice, mistake, whole } from './flag-values.ts';
import type { Given, GivenFlags } from './given.ts';
import { BotError, type Options, type RunIdentity } from './options.ts';

const mostProducers = 1000;

/**
 * Which part of a run this process is. Where a coordinator has counted its pods, the one behind the last producer
 * verifies.
 */
export function partOf(given: GivenFlags): { readonly role: Options['role']; readonly run: RunIdentity } {
  const producers = given.read('producers', whole({ least: 1, most: mostProducers })) ?? 1;
  const producer = given.read('producer', whole({ most: mostProducers })) ?? 0;
  const coordinator = given.read('coordinator-url', urlOf);
  const counted = !coordinator ? 'both' : producer === producers ? 'verify' : 'produce';
  const role = given.read('role', choice(roles)) ?? counted;
  const index = given.get('producer');
  if (index && producer > (role === 'verify' ? producers : producers - 1))
    throw mistake(index, `from 0 to ${producers - 1}, since --producers is ${producers}`);
  if (role === 'verify' && !coordinator)
    throw new BotError(
      '--role verify needs --coordinator-url, where producers say what they sent; without one, take --role both',
    );
  return {
    role,
    run: {
      testid: given.read('testid', checkedTestid) ?? defaultTestid('kafka-bot', new Date()),
      service: given.get('service')?.text ?? '',
      producer,
      producers,
      ...(coordinator ? { coordinatorUrl: coordinator } : {}),
    },
  };
}

function checkedTestid({ from, text }: Given): string {
  const mistake = testidMistake(text);
  if (mistake) throw new BotError(`${from}: ${mistake}`);
  return text;
}

function urlOf(given: Given): string {
  const url = URL.canParse(given.text) ? new URL(given.text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return given.text.replace(/\/+$/, '');
  throw mistake(given, 'an http URL, such as http://10.0.0.7:8080');
}
