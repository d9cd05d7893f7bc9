/** Prepares the generators of a notebook's script before it is sent to a runner. */
import { type Program, parse } from 'acorn';
import { LIVE_GLOBAL } from '../../engine/lower/columns.ts';
import { instrument } from './instrument.ts';

/**
 * The script with its generators prepared; lines stay, and the engine leads columns back. Code that cannot be read is
 * returned as it is: running it says what is wrong, at its place.
 */
export function lowerScript(code: string): string {
  const program = read(code);
  if (program === null) return code;
  return instrument(code, program, { live: LIVE_GLOBAL, place: '', guard: true })?.apply(code) ?? code;
}

function read(code: string): Program | null {
  try {
    return parse(code, { ecmaVersion: 2024, sourceType: 'module' });
  } catch {
    return null;
  }
}
