/** Answers of main: a problem becomes the window's notice, a broken bridge too. */
import type { Outcome } from '../../preload/contract.ts';
import { type App, say } from './app.ts';

/** The outcome, also where the request itself fails. */
export async function settled<T>(asked: Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await asked;
  } catch (error) {
    return { ok: false, problem: { message: error instanceof Error ? error.message : String(error) } };
  }
}

/** The value; undefined where there was a problem, which is then on the screen. */
export async function attempt<T>(app: App, asked: Promise<Outcome<T>>): Promise<T | undefined> {
  const outcome = await settled(asked);
  if (outcome.ok) return outcome.value;
  say(app, 'problem', outcome.problem.message);
  return undefined;
}
