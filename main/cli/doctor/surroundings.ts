/** What is around the program: a display, the sandbox, the data folder, git. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gitIdentity } from '../../report/git-identity.ts';
import { ask } from './ask.ts';
import { type Finding, missing, note, ok } from './finding.ts';

type Env = Readonly<Record<string, string | undefined>>;

export function displayFinding(env: Env): Finding | null {
  if (process.platform !== 'linux') return null;
  const shown = env.WAYLAND_DISPLAY || env.DISPLAY;
  if (shown !== undefined && shown !== '') return ok('display', shown);
  return note('display', 'none: the window cannot open here, the command line needs none', 'xvfb-run gives tests one');
}

/** Whether Chromium's sandbox can start: it needs namespaces for users, or a helper that belongs to root. */
export async function sandboxFinding(executable: string | null): Promise<Finding | null> {
  if (process.platform !== 'linux' || executable === null) return null;
  if (process.getuid?.() === 0)
    return note('sandbox', 'none for root: Chromium refuses it', 'open notebooks of strangers as an ordinary user');
  const spaces = await ask('unshare', ['--user', '--map-root-user', 'true']);
  if ('text' in spaces) return ok('sandbox', 'namespaces for users');
  const helper = join(dirname(executable), 'chrome-sandbox');
  const stat = statSync(helper, { throwIfNoEntry: false });
  if (stat !== undefined && stat.uid === 0 && (stat.mode & 0o4755) === 0o4755) return ok('sandbox', helper);
  const mend = `run: sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`;
  return missing('sandbox', 'this system gives users no namespaces', mend);
}

/** Where the store is, and whether it can be written. */
export function dataFinding(folder: string): Finding {
  const there = nearest(folder);
  const database = join(folder, 'gupbook.sqlite');
  const stat = statSync(database, { throwIfNoEntry: false });
  const found =
    stat === undefined ? `${folder}, with no store yet` : `${folder}, with a store of ${megabytes(stat.size)}`;
  try {
    for (const path of stat === undefined ? [there] : [folder, database]) accessSync(path, constants.W_OK);
    return ok('data folder', found);
  } catch {
    const mend = `run: chmod -R u+rwX '${there}', or name another folder in GUPBOOK_USER_DATA`;
    return missing('data folder', `${found}, which cannot be written`, mend);
  }
}

function nearest(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearest(dirname(folder));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Reports are mails, and need an author. */
export async function authorFinding(): Promise<Finding> {
  const author = await gitIdentity();
  if (author !== null) return ok('author of mails', `${author.name} <${author.email}>`);
  const mend = 'run: git config --global user.name "..." && git config --global user.email "..."';
  return note('author of mails', 'git knows none', mend);
}
