/** Running other people's tools on our texts, in a home of their own, without network. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';

export const AUTHOR = { name: 'Random J Developer', email: 'random@developer.example.org' };

/** A private home: no configuration of the user's, no cache of anybody's. */
const HOME = mkdtempSync(join(tmpdir(), 'gupbook-judges-'));
mkdirSync(join(HOME, 'cache'));
writeFileSync(
  join(HOME, '.gitconfig'),
  `[user]\n\tname = ${AUTHOR.name}\n\temail = ${AUTHOR.email}\n[init]\n\tdefaultBranch = master\n`,
);

export interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. Milliseconds of its time limit are a net, not a measure. */
export function run(command: string, args: readonly string[], options: { cwd?: string; input?: string } = {}): Outcome {
  const done = spawnSync(command, args, {
    cwd: options.cwd ?? HOME,
    input: options.input ?? '',
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME,
      XDG_CACHE_HOME: join(HOME, 'cache'),
      XDG_DATA_HOME: join(HOME, 'data'),
      LC_ALL: 'C.UTF-8',
      TERM: 'xterm',
      GIT_TERMINAL_PROMPT: '0',
    },
  });
  return { status: done.status, out: done.stdout ?? '', err: (done.stderr ?? '') + (done.error?.message ?? '') };
}

/** A fresh directory in the private home. */
export function folder(): string {
  return mkdtempSync(join(HOME, 'd-'));
}

export function write(dir: string, name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((dir) => dir !== '' && existsSync(join(dir, program)));
}

/** Debian's Python, which has Debian's modules; any other where there is none. */
export const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

function hasModule(name: string): boolean {
  return run(PYTHON, ['-c', `import ${name}`]).status === 0;
}

/** Folder below which test artefacts are kept (and git looks away). */
const ARTEFACTS = fileURLToPath(new URL('../../test-artefacts/', import.meta.url));

/**
 * A kernel tree with scripts/checkpatch.pl and tools/testing/kunit: $GUPBOOK_KERNEL_TREE, or taken out of Debian's
 * linux-source package where that is installed. Null where there is neither.
 */
function kernelTree(): string | null {
  const given = process.env.GUPBOOK_KERNEL_TREE;
  if (given !== undefined) return existsSync(join(given, 'scripts/checkpatch.pl')) ? given : null;
  const source = existsSync('/usr/src')
    ? readdirSync('/usr/src').find((name) => /^linux-source-.*\.tar\.xz$/.test(name))
    : undefined;
  if (source === undefined) return null;
  const tree = join(ARTEFACTS, 'kernel', source.replace('.tar.xz', ''));
  if (existsSync(join(tree, 'scripts/checkpatch.pl'))) return tree;
  mkdirSync(join(ARTEFACTS, 'kernel'), { recursive: true });
  const wanted = [
    '*/scripts/checkpatch.pl',
    '*/scripts/spelling.txt',
    '*/scripts/const_structs.checkpatch',
    '*/tools/testing/kunit/*',
  ];
  run('tar', ['-xf', join('/usr/src', source), '--wildcards', ...wanted], { cwd: join(ARTEFACTS, 'kernel') });
  return existsSync(join(tree, 'scripts/checkpatch.pl')) ? tree : null;
}

export const KERNEL_TREE = kernelTree();

/** The judges and whether they are here. */
const HERE: Readonly<Record<string, () => boolean>> = {
  git: () => onPath('git'),
  'git send-email': () =>
    existsSync(join(run('git', ['--exec-path']).out.trim(), 'git-send-email')) &&
    run('perl', ['-MMail::Address', '-e', '1']).status === 0,
  python3: () => run(PYTHON, ['--version']).status === 0,
  b4: () => onPath('b4') && hasModule('b4'),
  'mutt and script': () => onPath('mutt') && onPath('script'),
  formail: () => onPath('formail'),
  prove: () => onPath('prove'),
  'spin and a C compiler': () => onPath('spin') && onPath('cc'),
  herd7: () => onPath('herd7') && process.env.GUPBOOK_MEMORY_MODEL !== undefined,
  xmllint: () => onPath('xmllint'),
  'a kernel tree (linux-source, or GUPBOOK_KERNEL_TREE)': () => KERNEL_TREE !== null,
};
export type Judge = keyof typeof HERE;
const known = new Map<string, boolean>();

/** Skips the test, and says why, where a judge is missing. */
export function needs(context: TestContext, ...judges: readonly string[]): void {
  for (const judge of judges) {
    const here = known.get(judge) ?? HERE[judge]?.() ?? false;
    known.set(judge, here);
    if (here) continue;
    const reason = `skipped: ${judge} is not installed`;
    console.log(`${context.task.name}: ${reason}`);
    context.skip(reason);
  }
}
