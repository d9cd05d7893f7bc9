/** The command line in this process, with its streams caught and the real runner behind it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import engineText from 'virtual:gupbook-engine-text';
import { onTestFinished } from 'vitest';
import type { Io } from '../../main/cli/io.ts';
import { main } from '../../main/cli/main.ts';
import { headlessRunner } from '../../main/lab/headless-runner.ts';

export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** A folder with these files, gone after the test. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'gupbook-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Runs a command line as if typed in `cwd`. */
export async function cli(argv: readonly string[], cwd: string, given: Partial<Io> = {}): Promise<Ended> {
  let out = '';
  let err = '';
  const runner = headlessRunner(engineText);
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    input: nothing(),
    columns: null,
    cwd,
    runner: () => runner,
    now: () => Date.UTC(2026, 10, 24, 12),
    dataFolder: join(cwd, 'data'),
    self: '',
    ...given,
  };
  try {
    return { status: await main(argv, io), out, err };
  } finally {
    runner.close();
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** One get_page() and put_page(): 3 states or so, the same under every kernel. */
export const QUIET = `// %% Quiet
experiment('get and put', { expect: { '*': 'pass' } }, (lab) => {
  const buf = lab.mm.mmapPage();
  lab.task('reader', function* () {
    yield* lab.kernel.get_page(buf.page(0));
    yield* lab.kernel.put_page(buf.page(0));
  });
  lab.finally('all is given back', () => expect(page_ref_count(buf)).toBe(1));
});
`;

/** Two experiments, of which the second fails under every kernel; `expect` is what it expects. */
export function quarrel(expect: string): string {
  return `${QUIET}
// %% Quarrel
experiment('a count above one', { expect: ${expect} }, (lab) => {
  const buf = lab.mm.mmapPage();
  for (const name of ['one', 'two']) {
    lab.task(name, function* () {
      yield* lab.kernel.get_page(buf.page(0));
      yield* lab.kernel.put_page(buf.page(0));
    });
  }
  lab.always('nobody else holds it', () => page_ref_count(buf) <= 2);
});
`;
}
