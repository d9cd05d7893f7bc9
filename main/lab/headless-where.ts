/** Where a script is, read out of texts that V8 writes. Runs in the child, so that nothing is imported but types. */
import type { ScriptError } from '../engine/result.ts';
import type { Position } from './headless-job.ts';

/** Innermost frame of a stack trace that lies in the script. Frames are lines such as `at spin (NAME:4:3)`. */
export function innermost(frames: readonly string[], name: string): Position | null {
  for (const frame of frames) {
    const at = frame.lastIndexOf(`${name}:`);
    const place = at < 0 ? null : /^(\d+):(\d+)\)?$/.exec(frame.slice(at + name.length + 1).trim());
    if (place !== null) return { line: Number(place[1]), column: Number(place[2]) };
  }
  return null;
}

/**
 * Where the thread beside this one is running now, from Node's diagnostic report: it interrupts a loop that never
 * returns, which nothing else that the permission model leaves us does.
 */
export function whereabouts(name: string): Position | null {
  const report: unknown = process.report?.getReport();
  const workers = field(report, 'workers');
  const stack = field(field(Array.isArray(workers) ? workers[0] : null, 'javascriptStack'), 'stack');
  return Array.isArray(stack) ? innermost(stack.map(String), name) : null;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/**
 * What `vm` throws for a script that does not compile: its stack starts `NAME:LINE`, the line, and a caret below it.
 *
 * @param shift columns that stand before the script's first character.
 */
export function syntaxError(thrown: unknown, name: string, shift: number): ScriptError {
  const stack = String(field(thrown, 'stack') ?? '');
  const message = `SyntaxError: ${String(field(thrown, 'message') ?? thrown)}`;
  const [first = '', , carets = ''] = stack.split('\n');
  const line = first.startsWith(`${name}:`) ? Number(first.slice(name.length + 1)) : 0;
  const column = carets.indexOf('^') + 1 - (line === 1 ? shift : 0);
  return { message, line, column: line > 0 ? Math.max(column, 0) : 0, stack };
}
