/**
 * The erasing engine, amaro (swc as WebAssembly): types become blanks, every other character keeps its place.
 *
 * Its WebAssembly stack does not recover from an overflow: after a few hundred nested brackets every later call would
 * fail too. So an engine that ended in anything but a refusal is thrown away, and the next call loads a fresh one.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { transformSync } from 'amaro';

/** What amaro throws about a source. It is no Error. */
export interface Refusal {
  readonly code: 'InvalidSyntax' | 'UnsupportedSyntax';
  readonly message: string;
  /** 1-based. */
  readonly startLine: number;
  /** 0-based and as wide as a terminal would show it: a tab counts 4, a CJK character 2, a combining one 0. */
  readonly startColumn: number;
}

export type Erased = { readonly code: string } | { readonly refusal: Refusal } | { readonly exhausted: true };

interface Eraser {
  readonly transformSync: typeof transformSync;
}

let eraser: Eraser | null = null;

/** Erases the types of a whole program. `exhausted`: the engine broke on it, for the source nests too deeply. */
export function erase(source: string): Erased {
  eraser ??= load();
  try {
    return { code: eraser.transformSync(source, { mode: 'strip-only' }).code };
  } catch (error) {
    if (isRefusal(error)) return { refusal: error };
    eraser = null;
    return { exhausted: true };
  }
}

function load(): Eraser {
  // A require of its own each time: one kept here would remember, and so keep alive, every engine it ever loaded.
  const require = createRequire(import.meta.url);
  const home = dirname(require.resolve('amaro'));
  for (const path of Object.keys(require.cache)) if (path.startsWith(home)) delete require.cache[path];
  const loaded: unknown = require('amaro');
  if (!isEraser(loaded)) throw new Error('the amaro package offers no transformSync');
  return loaded;
}

function isEraser(value: unknown): value is Eraser {
  return typeof value === 'object' && value !== null && 'transformSync' in value;
}

function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== 'object' || value === null || !('code' in value && 'message' in value)) return false;
  const { code, message } = value;
  if (code !== 'InvalidSyntax' && code !== 'UnsupportedSyntax') return false;
  if (!('startLine' in value && 'startColumn' in value)) return false;
  return typeof message === 'string' && typeof value.startLine === 'number' && typeof value.startColumn === 'number';
}
