/** What may be told of an error: its kind and where in our own program it arose. Its message may hold a person's text. */
import { basename } from 'node:path';
import type { Fact } from './log.ts';

/** Innermost places that are told. */
const FRAMES = 5;

/** Facts of an error for the log. */
export function faultOf(thrown: unknown): Record<string, Fact> {
  if (!(thrown instanceof Error)) return { error: typeof thrown };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const at = framesOf(thrown).join('<');
  return { error: thrown.name, ...(code !== '' && { code }), ...(at !== '' && { at }) };
}

/** `function@file.js:line:column`, innermost first; of the program's own files and Node's. */
function framesOf({ stack = '' }: Error): string[] {
  const frames = [
    ...stack.matchAll(/^ {4}at (?:(?:async |new )?([\w.#<>]+) .*?\()?(?:file:\/\/)?(\S+?):(\d+):(\d+)\)?$/gm),
  ];
  return frames
    .slice(0, FRAMES)
    .map(([, name = '', file = '', line, column]) => `${name}@${basename(file)}:${line}:${column}`);
}
