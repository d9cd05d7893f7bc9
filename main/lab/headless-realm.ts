/**
 * The host's half inside the realm: plain JavaScript in a bare `vm` context, where the engine and the script run beside
 * it. Nothing of the realm outside is in reach here, and only text goes out. Bundled as text, see headless-runner.ts.
 */
import { LANGUAGE_GLOBALS, type RealmHost, type RealmMessage } from '../../renderer/runner/protocol.ts';
import { lineEncoder } from './headless-lines.ts';
import { createRing, ringWriter } from './headless-ring.ts';

/** The shared memory that the thread beside this realm reads. */
export const ring: SharedArrayBuffer = createRing();

const write = ringWriter(ring);
const encode = lineEncoder();
const clock = Date.now;
const parse = JSON.parse;
const { apply } = Reflect;
const { push } = Array.prototype;
strip();

const saved: string[] = [];

/** Takes a record of a checkpoint, which the engine is given. */
export function feed(text: string): void {
  apply(push, saved, [text]);
}

/**
 * Runs the engine, which the context has evaluated, on the script, which it has compiled.
 *
 * @param script the script's text compiled in this realm: the realm can compile no text itself.
 * @param init a RunInit as JSON.
 */
export function start(script: CallableFunction, init: string): void {
  const realm: unknown = Reflect.get(globalThis, '__gupbook');
  if (typeof realm !== 'function') throw new TypeError('The engine text defines no __gupbook().');
  Reflect.deleteProperty(globalThis, '__gupbook');
  const run: unknown = realm(host(script));
  if (typeof run !== 'function') throw new TypeError('__gupbook() gives nothing to run.');
  run(parse(init));
}

/** Leaves the language alone; what the engine defines comes after this. */
function strip(): void {
  for (const key of Reflect.ownKeys(globalThis)) {
    if (typeof key === 'string' && !LANGUAGE_GLOBALS.has(key)) Reflect.deleteProperty(globalThis, key);
  }
  Reflect.deleteProperty(Math, 'random');
}

function host(script: CallableFunction): RealmHost {
  let last = 0;
  return {
    evaluate: (_code, _name, live) => {
      const body: unknown = apply(script, undefined, [live]);
      if (typeof body === 'function') apply(body, undefined, []);
    },
    // A wall clock may be set back; a search that sees time run backwards would never end.
    now: () => {
      last = Math.max(last, clock());
      return last;
    },
    saved,
    send: (message: RealmMessage) => write(encode(message)),
  };
}
