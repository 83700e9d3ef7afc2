import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { load } from './env.ts';

/** Somebody who has logged in before the run. */
export interface User {
  readonly user: string;
  readonly token: string;
}

const users = new SharedArray<User>('users', () => JSON.parse(open(file())));

function file(): string {
  const path = __ENV.TOKENS_FILE;
  if (!path) throw new Error('this scenario needs users: TOKENS_FILE is not set, which names the file of their tokens');
  return path;
}

/** A user for each virtual user, who is nobody else's in any runner. Called before the run, and there refused. */
export function ownUsers(): () => User {
  if (users.length < load.vus)
    throw new Error(`${load.vus} virtual users need as many users, and TOKENS_FILE has ${users.length}`);
  return () => userAt(exec.vu.idInTest - 1);
}

/** Users in turn, for iterations that the clock starts: two at a time may be of the same user. */
export function usersInTurn(): () => User {
  if (users.length === 0) throw new Error('TOKENS_FILE has no users');
  return () => userAt(exec.scenario.iterationInTest % users.length);
}

function userAt(index: number): User {
  const user = users[index];
  // Nobody else's token: a run with such a user would measure something else, so it ends.
  if (!user) return exec.test.abort(`there is no user ${index + 1}: TOKENS_FILE has ${users.length}`) as never;
  return user;
}
