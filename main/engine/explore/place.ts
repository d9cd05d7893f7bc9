/**
 * Where a step is taken: the call chain of generators, read from a stack trace that is captured while the step is made.
 * Function names are the kernel's because the model's functions have them; the author's frames carry line and column.
 */
import { placeHook } from '../step.ts';
import type { Frame } from '../trace.ts';

/** How to tell the author's frames from the engine's: the name the script was compiled under. */
export interface PlaceOptions {
  readonly scriptName: string;
}

const FRAME = /^\s*at (?:(?:async )?(.*?) \()?(.*?):(\d+):(\d+)\)?$/;
/** Frames of this name drive generators; the chain ends there. */
const DRIVER = 'driveActor';

/** Frames between the step's constructor and the driver, outermost first. */
export function framesOf(stack: string, scriptName: string, actor: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split('\n')) {
    if (line.includes(DRIVER)) break;
    const match = FRAME.exec(line);
    if (match === null) continue;
    const name = match[1] ?? '';
    const file = match[2] ?? '';
    if (name.endsWith('.next') || file === '<anonymous>') continue;
    const fn = name.replace(/^.*\./, '').replace(/ \[as .*$/, '');
    const own = file.endsWith(scriptName);
    if (own)
      frames.push({
        fn: fn === '' || fn === '<anonymous>' ? actor : fn,
        line: Number(match[3]),
        column: Number(match[4]),
      });
    else if (fn !== '' && !HIDDEN.has(fn)) frames.push({ fn, line: 0, column: 0 });
  }
  return frames.reverse();
}

/** The engine's own helpers: makers of steps and the hook itself. */
const HIDDEN = new Set([
  'make',
  'note',
  'capture',
  'R',
  'W',
  'ADD',
  'ADDR',
  'ADDU',
  'SUBT',
  'CAS',
  'XCHG',
  'LK',
  'TRYLK',
  'UL',
  'WAIT',
  'WAITNOT',
  'IRQ_OFF',
  'IRQ_ON',
  'SYNC',
  'NOP',
  'CHOOSE',
  'Object',
]);

/** Captures a stack for every step made while `body` runs; hands out the last one. */
export class PlaceRecorder {
  private stack = '';

  run<T>(body: () => T): T {
    const limit = Error.stackTraceLimit;
    const outer = placeHook.note;
    Error.stackTraceLimit = 60;
    placeHook.note = () => {
      const stack: unknown = new Error().stack;
      this.stack = typeof stack === 'string' ? stack : '';
    };
    try {
      return body();
    } finally {
      placeHook.note = outer;
      Error.stackTraceLimit = limit;
    }
  }

  take(): string {
    const stack = this.stack;
    this.stack = '';
    return stack;
  }
}
