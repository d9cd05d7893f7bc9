/** Electron, Node and SQLite: which there are, and whether they run. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Answer, ask } from './ask.ts';
import { type Finding, missing, note, ok } from './finding.ts';

/** How this copy of Gupbook came here: as sources, or packed. */
export type Place =
  | { readonly kind: 'clone'; readonly root: string }
  | { readonly kind: 'package'; readonly root: string };

/** The copy that a file of the program lies in. */
export function placeOf(file: string): Place {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'resources/release.json'))) return { kind: 'package', root: folder };
    if (existsSync(join(folder, 'electron.vite.config.ts'))) return { kind: 'clone', root: folder };
  }
  return { kind: 'package', root: dirname(file) };
}

const SETUP = 'in the clone, run: npm start (it sets up what is missing)';
const AGAIN = 'install Gupbook again';

export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  return enough
    ? ok('Node', version)
    : missing(
        'Node',
        `${version}, and 20.19 or newer is needed`,
        'install Node.js 20.19 or newer, or name one in GUPBOOK_NODE',
      );
}

/** SQLite through the native module, tried in a process of its own: one that does not fit ends it. */
export async function sqliteFinding(program: string, place: Place): Promise<Finding> {
  const load = `const D = require(${JSON.stringify(module(program))});
    const { v } = new D(':memory:').prepare('select sqlite_version() as v').get(); process.stdout.write(v);`;
  const answer = await ask(process.execPath, ['-e', load]);
  if ('text' in answer) return ok('SQLite', answer.text);
  return missing('SQLite', `better-sqlite3 does not load: ${answer.failed}`, place.kind === 'clone' ? SETUP : AGAIN);
}

function module(program: string): string {
  try {
    return createRequire(program).resolve('better-sqlite3');
  } catch {
    return 'better-sqlite3';
  }
}

interface Electron {
  readonly executable: string;
  readonly version: string;
  readonly source: string;
}

/** The Electron that a place has; null where it has none. */
export function electronOf({ kind, root }: Place): Electron | null {
  const file = kind === 'clone' ? 'node_modules/.gupbook/electron.json' : 'resources/release.json';
  const told = field(join(root, file));
  const version = told(kind === 'clone' ? 'version' : 'electron');
  if (version === '') return null;
  const executable = kind === 'clone' ? told('executable') : join(root, 'gupbook-window');
  return { executable, version, source: told('source') };
}

function field(file: string): (name: string) => string {
  let told: unknown = null;
  try {
    told = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // There is no such file, or nothing in it: then nothing is told.
  }
  return (name) => {
    const value: unknown = typeof told === 'object' && told !== null ? Reflect.get(told, name) : '';
    return typeof value === 'string' ? value : '';
  };
}

export function electronFinding(electron: Electron | null, place: Place): Finding {
  const mend = place.kind === 'clone' ? SETUP : AGAIN;
  if (electron === null) return missing('Electron', 'none is set up', mend);
  const { executable, version, source } = electron;
  if (!existsSync(executable)) return missing('Electron', `${version} should be at ${executable} and is not`, mend);
  if (source !== 'fallback') return ok('Electron', `${version} (${source})`);
  const again = 'to try for the current one again, delete node_modules/.gupbook/electron.json';
  return note('Electron', `${version}, the fallback of the package registry`, place.kind === 'clone' ? again : null);
}

/** Shared libraries that the loader does not find for the window's program. */
export async function librariesFinding(electron: Electron | null): Promise<Finding | null> {
  if (electron === null || process.platform !== 'linux') return null;
  return librariesIn(await ask('ldd', [electron.executable]));
}

export function librariesIn(answer: Answer): Finding {
  if ('failed' in answer) return note('libraries', `ldd does not tell: ${answer.failed}`);
  const absent = [...answer.text.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name);
  if (absent.length === 0) return ok('libraries', 'all that the window links to');
  const packages = 'libgtk-3-0 libnss3 libasound2 libgbm1 libxss1 libatk-bridge2.0-0 libdrm2';
  return missing('libraries', `${absent.join(', ')} not found`, `on Debian, run: sudo apt-get install ${packages}`);
}
