/**
 * The headless runner's own process. Its first thread talks to the runner and watches memory; a second one holds the
 * realm, so that a script that never returns blocks nobody. Bundled as text, see headless-runner.ts: the process has no
 * right to read any file, this one included.
 */
import type { Worker } from 'node:worker_threads';
import type { ChildMessage, Job, SavedText } from './headless-job.ts';
import { ringReader } from './headless-ring.ts';
import { syntaxError, whereabouts } from './headless-where.ts';

// An import would have to be resolved; the text that this becomes is run as it stands.
const threads = process.getBuiltinModule('node:worker_threads');
const vm = process.getBuiltinModule('node:vm');

/** How often the realm's output is read, and memory looked at. Milliseconds. */
const POLL = 5;
const MEMORY_POLL = 50;

/**
 * Stands before the script's first character. A notebook is strict code, as TypeScript is where it has a module. It is a
 * function inside of the one with the parameter, so that its `arguments` are empty.
 */
const STRICT = 'return function(){"use strict";';
/** What the script's prepared generators call: see RealmHost in renderer/runner/protocol.ts. */
const LIVE = 'gupbook$live';

/** What a thread hands to the one beside it. */
type ThreadMessage = { readonly ring: SharedArrayBuffer } | { readonly fatal: ChildMessage };

if (threads.isMainThread) process.on('message', receive);
else runRealm(threads.workerData.job, threads.workerData.saved);

function say(message: ChildMessage): void {
  process.send?.(message);
}

let watched: { readonly worker: Worker; readonly name: string } | null = null;

const saved: string[] = [];

/** Host to child: a {@link Job}, texts that belong to it, the question where the script is. All come from the runner. */
function receive(message: Job | SavedText | 'where'): void {
  if (message !== 'where' && 'saved' in message) saved.push(message.saved);
  else if (message === 'where') say({ kind: 'where', at: whereabouts(watched?.name ?? '') });
  else supervise(message);
}

function supervise(job: Job): void {
  // The runner is gone: whatever runs here has no reader any more.
  process.on('disconnect', () => process.exit());
  const worker = new threads.Worker(job.child, {
    eval: true,
    env: {},
    stdin: false,
    stdout: true,
    stderr: true,
    workerData: { job, saved: saved.splice(0) },
    resourceLimits: { maxOldGenerationSizeMb: job.heap, maxYoungGenerationSizeMb: 64 },
  });
  watched = { worker, name: job.name };
  let read = (): string => '';
  const drain = (): void => {
    for (let text = read(); text !== ''; text = read()) say({ kind: 'text', text });
  };
  let failure: ChildMessage | null = null;
  const polls = [
    setInterval(drain, POLL),
    setInterval(() => {
      if (process.memoryUsage.rss() > job.memory * 2 ** 20) say({ kind: 'memory' });
    }, MEMORY_POLL),
  ];
  worker.on('message', (message: ThreadMessage) => {
    if ('ring' in message) read = ringReader(message.ring);
    else failure = message.fatal;
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    failure =
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { kind: 'memory' } : { kind: 'crashed', message: error.message };
  });
  worker.on('exit', () => {
    for (const poll of polls) clearInterval(poll);
    drain();
    // The runner kills the process when it has heard this; to leave earlier would lose what is still in the pipe.
    say(failure ?? { kind: 'end' });
  });
}

/** The second thread: a bare context, in it the engine, the host's half and the script. Only text goes in. */
function runRealm(job: Job, texts: readonly string[]): void {
  // Nobody waits for what a script leaves behind; the process is told when the realm has returned.
  process.on('unhandledRejection', () => {});
  const bare = 'DONT_CONTEXTIFY' in vm.constants ? vm.constants.DONT_CONTEXTIFY : Object.create(null);
  const context = vm.createContext(bare, { codeGeneration: { strings: false, wasm: false } });
  const inside: unknown = vm.runInContext(`(() => {${job.realm}\nreturn gupbook; })()`, context, {
    filename: 'gupbook-host.js',
  });
  if (!isHostHalf(inside)) throw new Error('The host text lacks its exports.');
  threads.parentPort?.postMessage({ ring: inside.ring } satisfies ThreadMessage);
  // In a function, because a `var` of a script could never be taken away again.
  vm.runInContext(`(() => {${job.engine}\n})()`, context, { filename: 'gupbook-engine.js' });
  let script: CallableFunction;
  try {
    script = vm.compileFunction(`${STRICT}${job.code}\n}`, [LIVE], {
      parsingContext: context,
      filename: job.name,
      columnOffset: -STRICT.length,
      // A rejection made outside would hand its realm to the script; a string hands over nothing.
      importModuleDynamically: () => {
        throw 'A notebook imports nothing.';
      },
    });
  } catch (error) {
    threads.parentPort?.postMessage({ fatal: { kind: 'fatal', error: syntaxError(error, job.name, STRICT.length) } });
    return;
  }
  for (const text of texts) inside.feed(text);
  inside.start(script, job.init);
}

type HostHalf = typeof import('./headless-realm.ts');

/** Nothing but our own text has run in the realm yet, so that its word can be taken for the types. */
function isHostHalf(value: unknown): value is HostHalf {
  return typeof value === 'object' && value !== null && 'ring' in value && 'start' in value && 'feed' in value;
}
