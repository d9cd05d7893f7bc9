/**
 * Where a step is taken: the call chain of generators, captured while the step is made. Function names are the kernel's
 * because the model's functions have them; the author's frames carry line and column.
 */
import type { Columns } from '../lower/columns.ts';
import { placeHook } from '../step.ts';
import type { Frame } from '../trace.ts';

/** A stack frame as the runtime describes it. */
export interface RawFrame {
  readonly fn: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Frames of this name drive generators; the chain ends there. */
const DRIVER = 'driveActor';
/** Deepest call chain that is kept. */
const DEEPEST = 60;

/** The engine's own helpers: makers of steps and the hook itself. */
const HIDDEN = new Set(
  (
    'make note at capture R W ADD ADDR ADDU SUBT CAS XCHG LK TRYLK UL WAIT WAITNOT IRQ_OFF IRQ_ON SYNC NOP CHOOSE ' +
    'Object guarded'
  ).split(' '),
);

/** Frames between the step's constructor and the driver, outermost first, at positions of the author's file. */
export function framesOf(stack: readonly RawFrame[], scriptName: string, actor: string, columns?: Columns): Frame[] {
  const frames: Frame[] = [];
  for (const { fn: name, file, line, column } of stack) {
    if (name === DRIVER) break;
    if (name === 'next' || file === '') continue;
    if (file.endsWith(scriptName)) {
      const at = { line, column };
      frames.push({ fn: name === '' ? actor : name, ...(columns?.original(at) ?? at) });
    } else if (name !== '' && !HIDDEN.has(name)) frames.push({ fn: name, line: 0, column: 0 });
  }
  return frames.reverse();
}

/** What V8 tells of a frame while it makes a stack. */
interface CallSite {
  getFunctionName(): string | null;
  getScriptNameOrSourceURL(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

function describe(site: CallSite): RawFrame {
  return {
    fn: (site.getFunctionName() ?? '').replace(/^.*\./, ''),
    file: site.getScriptNameOrSourceURL() ?? '',
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0,
  };
}

/** Captures a stack for every step made while `body` runs; hands out the last one. */
export class PlaceRecorder {
  private stack: RawFrame[] = [];

  run<T>(body: () => T): T {
    const outer = placeHook.note;
    placeHook.note = () => this.capture();
    try {
      return body();
    } finally {
      placeHook.note = outer;
    }
  }

  private capture(): void {
    const { stackTraceLimit, prepareStackTrace } = Error;
    try {
      Error.stackTraceLimit = DEEPEST;
      Error.prepareStackTrace = (_error, sites) => {
        this.stack = sites.map(describe);
        return '';
      };
      // Reading it makes it.
      void new Error().stack;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      Error.prepareStackTrace = prepareStackTrace;
    }
  }

  take(): RawFrame[] {
    const { stack } = this;
    this.stack = [];
    return stack;
  }
}
