/** What was named on the application's own command line. */
import { isAbsolute, resolve } from 'node:path';

/**
 * The notebook named after the application's folder (in development) or after the executable; null where there is none.
 * Flags belong to Chromium.
 */
export function namedFile(argv: readonly string[], application: string): string | null {
  const folder = argv.findIndex((argument, index) => index > 0 && resolve(argument) === resolve(application));
  const named = argv.slice(Math.max(folder, 0) + 1).find((argument) => !argument.startsWith('-'));
  return named === undefined ? null : resolve(named);
}

/** The notebook that a second start handed over. What it hands is its own process's word, and may be anything. */
export function handedFile(handed: unknown): string | null {
  const named: unknown = typeof handed === 'object' && handed !== null ? Reflect.get(handed, 'named') : null;
  return typeof named === 'string' && isAbsolute(named) ? named : null;
}
