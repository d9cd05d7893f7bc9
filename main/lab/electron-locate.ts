/** Where a worker is right now, asked through the debugger: it interrupts even a loop that never returns. */
import type { WebContents } from 'electron';

/** Time for the answer, in milliseconds: a worker deep in the collector may never give one. */
const PATIENCE = 2000;

/** A 1-based position in the author's file. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Pauses the worker of `contents` and reads its innermost frame in the script called `name`. Null where that cannot be
 * told in time. The worker stays paused: the caller is about to kill it.
 *
 * @param shift columns that stand before the author's first character on line 1.
 */
export async function whereabouts(contents: WebContents, name: string, shift: number): Promise<Position | null> {
  const patience = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null));
  try {
    contents.debugger.attach();
    return await Promise.race([pause(contents, name, shift), patience]);
  } catch {
    return null;
  }
}

async function pause(contents: WebContents, name: string, shift: number): Promise<Position | null> {
  const { debugger: cdp } = contents;
  return new Promise((resolve, reject) => {
    const scripts = new Map<string, string>();
    cdp.on('message', (_event, method: string, params: unknown, worker: string) => {
      if (method === 'Target.attachedToTarget') {
        const id = text(params, 'sessionId');
        cdp.sendCommand('Debugger.enable', {}, id).catch(reject);
        cdp.sendCommand('Debugger.pause', {}, id).catch(reject);
      } else if (method === 'Debugger.scriptParsed' && worker !== '') {
        scripts.set(text(params, 'scriptId'), text(params, 'url'));
      } else if (method === 'Debugger.paused') {
        resolve(innermost(field(params, 'callFrames'), scripts, name, shift));
      }
    });
    cdp
      .sendCommand('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: true })
      .catch(reject);
  });
}

function innermost(frames: unknown, scripts: Map<string, string>, name: string, shift: number): Position | null {
  if (!Array.isArray(frames)) return null;
  for (const frame of frames) {
    const location = field(frame, 'location');
    if (scripts.get(text(location, 'scriptId')) !== name) continue;
    const line = number(location, 'lineNumber') + 1;
    return { line, column: number(location, 'columnNumber') + 1 - (line === 1 ? shift : 0) };
  }
  return null;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function text(value: unknown, key: string): string {
  const found = field(value, key);
  return typeof found === 'string' ? found : '';
}

function number(value: unknown, key: string): number {
  const found = field(value, key);
  return typeof found === 'number' ? found : 0;
}
