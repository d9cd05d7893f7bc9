/** Entry of the command line: the real streams, the real clock, the real runner. */
import { homedir } from 'node:os';
import engineText from 'virtual:gupbook-engine-text';
import { headlessRunner } from '../lab/headless-runner.ts';
import type { Runner } from '../lab/runner.ts';
import { plainBytes } from '../recordings/traces/plain-bytes.ts';
import { dataFolder } from './data-folder.ts';
import type { Io } from './io.ts';
import { main } from './main.ts';

const started: { runner: Runner | null } = { runner: null };

/** Opened when something reads it. */
async function* standardInput(): AsyncGenerator<Uint8Array> {
  yield* plainBytes(process.stdin);
}

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: standardInput(),
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  cwd: process.cwd(),
  runner: () => {
    started.runner ??= headlessRunner(engineText);
    return started.runner;
  },
  now: () => Date.now(),
  dataFolder: dataFolder(process.env, homedir()),
  self: process.argv[1] ?? '',
};

// `gupbook ... | head` closes the pipe; whoever did that has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  started.runner?.close();
  process.exit(process.exitCode ?? 0);
});

try {
  process.exitCode = await main(process.argv.slice(2), io);
} finally {
  started.runner?.close();
}
