/** `gupbook FILE`: opens the window, or has the one that is open show the notebook. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InputError, shown } from '../lab/input-error.ts';
import { type Command, readArguments, usage } from './command.ts';
import { electronOf, placeOf } from './doctor/runtimes.ts';
import type { Io } from './io.ts';
import { Status } from './status.ts';

/** Milliseconds in which a window that cannot start has ended. */
const SETTLED = 1500;

const HELP = `Usage: gupbook open [FILE]
       gupbook FILE.lab.ts

Opens the window, with this notebook. If it is open already, that one shows the
notebook.

Exit status: 0, or 2 if there is no such file or the window does not start.`;

export const open: Command = {
  name: 'open',
  summary: 'open the window; "gupbook FILE" does the same',
  help: HELP,
  run: perform,
};

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { positionals } = readArguments('open', argv, {});
  const [name, ...more] = positionals;
  if (more.length > 0) throw usage('open', 'it takes one file');
  const file = name === undefined ? [] : [resolve(io.cwd, name)];
  for (const path of file) if (!existsSync(path)) throw new InputError(`there is no file ${shown(path)}`);
  const place = placeOf(import.meta.filename);
  const electron = electronOf(place);
  if (electron === null) throw new InputError('no Electron is set up: see "gupbook doctor"');
  const application = place.kind === 'clone' ? [place.root] : [];
  const why = await started(electron.executable, [...application, ...file]);
  if (why !== null) throw new InputError(`the window does not start: ${why}; see "gupbook doctor"`);
  return Status.asExpected;
}

/** Starts a program that goes on without us. @returns why it ended at once, null where it runs or has done its work */
async function started(program: string, args: readonly string[]): Promise<string | null> {
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env;
  // A file, because a pipe would be gone when we are, and the window goes on to write to it.
  const folder = mkdtempSync(join(tmpdir(), 'gupbook-open-'));
  const said = join(folder, 'said');
  const errors = openSync(said, 'w');
  try {
    const child = spawn(program, [...args], { detached: true, stdio: ['ignore', 'ignore', errors], env });
    const end = await ending(child);
    child.unref();
    if (end === null || end === 'status 0') return null;
    const last = readFileSync(said, 'utf8').trim().split('\n').at(-1) ?? '';
    // Chromium begins its lines with process, time and place.
    return last.replace(/^\[[^\]]*\]\s*/, '') || `it ended with ${end}`;
  } finally {
    closeSync(errors);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How a program ended, null where it goes on. */
function ending(child: ChildProcess): Promise<string | null> {
  return new Promise((settle) => {
    const patience = setTimeout(() => settle(null), SETTLED);
    const end = (how: string) => {
      clearTimeout(patience);
      settle(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal ?? `status ${code}`));
  });
}
