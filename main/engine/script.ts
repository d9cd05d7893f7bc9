/** Where in the author's file something happened, read from stacks; and what a thrown value says. */
import type { Columns, Position } from './lower/columns.ts';
import type { ScriptError } from './result.ts';

const POSITION = /(?:\(|\s|^)([^\s()]*):(\d+):(\d+)\)?$/;

/** Innermost position of the script in a stack, or null. `columns` leads to the author's file where the two differ. */
export function positionIn(stack: string, scriptName: string, columns?: Columns): Position | null {
  for (const line of stack.split('\n')) {
    const match = POSITION.exec(line.trimEnd());
    if (match?.[1]?.endsWith(scriptName) !== true) continue;
    const at = { line: Number(match[2]), column: Number(match[3]) };
    return columns?.original(at) ?? at;
  }
  return null;
}

/** A stack whose positions in the script are those of the author's file. */
function originalStack(stack: string, scriptName: string, columns?: Columns): string {
  if (columns === undefined) return stack;
  const move = (line: string): string => {
    if (POSITION.exec(line.trimEnd())?.[1]?.endsWith(scriptName) !== true) return line;
    const at = positionIn(line, scriptName, columns);
    return at === null ? line : line.replace(/:\d+:\d+(\)?\s*)$/, `:${at.line}:${at.column}$1`);
  };
  return stack.split('\n').map(move).join('\n');
}

function textOf(read: () => unknown): string {
  try {
    return String(read());
  } catch {
    return '';
  }
}

/** A thrown value as an error at the author's own position. Never throws, whatever was thrown. */
export function explainError(error: unknown, scriptName: string, columns?: Columns): ScriptError {
  if (error instanceof Error) {
    const raw = textOf(() => error.stack);
    const at = positionIn(raw, scriptName, columns);
    const stack = originalStack(raw, scriptName, columns);
    const name = textOf(() => error.name);
    const message = textOf(() => error.message);
    const hint = name === 'TypeError' && FROZEN.test(message) ? `: ${SHARED}` : '';
    const plain = name === 'ScriptMisuse' || name === 'Error' || name === '' ? message : `${name}: ${message}${hint}`;
    return { message: plain, line: at?.line ?? 0, column: at?.column ?? 0, stack: stack.slice(0, 4000) };
  }
  return { message: `the script threw ${textOf(() => error)}`, line: 0, column: 0, stack: '' };
}

/** What V8 says when a frozen object is written to: those that actors see are frozen. */
const FROZEN = /object is not extensible|read only property|Cannot delete property/;
const SHARED = 'actors see it, so keep what actors share in words (lab.word)';

const ASSIGNED = /(?:^|[;{(,\s])(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?::[^=]*)?=\s*[^=]/g;

/** Name of the variable that the call at this position is assigned to, or null. */
export function assignedName(code: string, line: number, column: number): string | null {
  const text = code.split('\n')[line - 1];
  if (text === undefined) return null;
  let name: string | null = null;
  for (const match of text.matchAll(ASSIGNED)) if (match.index < column) name = match[1] ?? null;
  return name;
}
