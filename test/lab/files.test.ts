import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError, shown } from '../../main/lab/input-error.ts';
import { MAX_FILE_BYTES, readNotebookFile } from '../../main/lab/read-file.ts';
import { writeNotebookFile } from '../../main/lab/write-file.ts';

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gupbook files '));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;

function file(name: string, content?: string | Uint8Array): string {
  const path = join(home, name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

/** The sentence that a refused call ends in. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.exitStatus).toBe(2);
    expect(error.message).not.toMatch(/\p{Cc}/u);
    return error.message;
  }
  return 'not refused';
}

describe('reading a notebook', () => {
  test('gives its text, byte order mark and line breaks included', async () => {
    const text = '\uFEFF// %% \u65e5\u{1f600}\r\na();\r\n\0\n';
    expect(await readNotebookFile(file('plain.lab.ts', text))).toBe(text);
    expect(await readNotebookFile(file('empty.lab.ts', ''))).toBe('');
  });

  test('refuses what is not there', async () => {
    expect(await refusal(readNotebookFile(file('missing.lab.ts')))).toBe(
      `cannot read ${shown(join(home, 'missing.lab.ts'))}: there is no such file: check the path`,
    );
    const under = join(file('plain.lab.ts', ''), 'below');
    expect(await refusal(readNotebookFile(under))).toContain('is no directory');
    expect(await refusal(readNotebookFile('a\0b'))).toContain('zero byte');
    expect(await refusal(readNotebookFile(file('x'.repeat(300))))).toContain('too long');
  });

  test('refuses what is no regular file', async () => {
    expect(await refusal(readNotebookFile(home))).toContain('it is a directory');
    expect(await refusal(readNotebookFile('/dev/zero'))).toContain('it is no regular file');
    execFileSync('mkfifo', [file('pipe')]);
    expect(await refusal(readNotebookFile(file('pipe')))).toContain('it is no regular file');
    symlinkSync('circle', file('circle'));
    expect(await refusal(readNotebookFile(file('circle')))).toContain('lead in a circle');
  });

  test.skipIf(isRoot)('refuses what may not be read', async () => {
    const path = file('secret.lab.ts', 'a');
    chmodSync(path, 0);
    expect(await refusal(readNotebookFile(path))).toContain('permission is denied');
  });

  test('refuses more than 16 MB, and takes 16 MB', async () => {
    const path = file('large.lab.ts', '');
    truncateSync(path, 100 * 2 ** 20);
    expect(await refusal(readNotebookFile(path))).toContain('it is larger than 16 MB: divide it');
    truncateSync(path, MAX_FILE_BYTES);
    expect((await readNotebookFile(path)).length).toBe(MAX_FILE_BYTES);
  });

  test('refuses what is not UTF-8, with the byte and its line', async () => {
    const cases: [string, number[], string][] = [
      ['// a\n// b', [0xff, 0x0a], 'byte 0xff in line 2 is not UTF-8'],
      ['', [0xc3, 0x28], 'byte 0x28 in line 1 is not UTF-8'],
      ['a\r\nb\r', [0xe6, 0x97], 'byte 0x97 in line 3 is not UTF-8'],
      ['', [0xed, 0xa0, 0x80], 'line 1 is not UTF-8'],
      ['', [0xff, 0xfe, 0x61, 0x00], 'it is UTF-16 text: save it as UTF-8'],
    ];
    for (const [head, bytes, message] of cases) {
      const path = file('latin.lab.ts', Buffer.concat([Buffer.from(head), Buffer.from(bytes)]));
      expect(await refusal(readNotebookFile(path))).toContain(message);
    }
  });
});

describe('saving a notebook', () => {
  test('makes a new file, and leaves nothing else', async () => {
    const directory = file('new');
    mkdirSync(directory);
    await writeNotebookFile(join(directory, 'a.lab.ts'), 'a\r\n\u65e5');
    expect(readFileSync(join(directory, 'a.lab.ts'), 'utf8')).toBe('a\r\n\u65e5');
    expect(readdirSync(directory)).toEqual(['a.lab.ts']);
  });

  test('keeps the mode', async () => {
    const path = file('mode.lab.ts', 'old');
    chmodSync(path, 0o751);
    await writeNotebookFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o7777).toBe(0o751);
  });

  test("replaces a link's target, not the link", async () => {
    mkdirSync(file('there'));
    file('there/target.lab.ts', 'old');
    symlinkSync('there/target.lab.ts', file('one'));
    symlinkSync('one', file('two'));
    await writeNotebookFile(file('two'), 'new');
    expect(readFileSync(file('there/target.lab.ts'), 'utf8')).toBe('new');
    expect([readlinkSync(file('one')), readlinkSync(file('two'))]).toEqual(['there/target.lab.ts', 'one']);
  });

  test('makes the target of a link that leads nowhere yet', async () => {
    symlinkSync('there/fresh.lab.ts', file('dangling'));
    await writeNotebookFile(file('dangling'), 'new');
    expect(readFileSync(file('there/fresh.lab.ts'), 'utf8')).toBe('new');
    expect(lstatSync(file('dangling')).isSymbolicLink()).toBe(true);
  });

  test('refuses, and leaves the file as it was', async () => {
    const path = file('kept.lab.ts', 'old');
    expect(await refusal(writeNotebookFile(path, 'a\nb\ud800'))).toContain(
      'line 2, column 2 holds half of a surrogate',
    );
    expect(await refusal(writeNotebookFile(path, 'x'.repeat(MAX_FILE_BYTES + 1)))).toContain('larger than 16 MB');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(await refusal(writeNotebookFile(home, 'a'))).toContain('it is a directory');
    expect(await refusal(writeNotebookFile('/dev/null', 'a'))).toContain('it is no regular file');
    expect(await refusal(writeNotebookFile(join(home, 'no', 'such.lab.ts'), 'a'))).toContain('there is no such file');
    symlinkSync('loop', file('loop'));
    expect(await refusal(writeNotebookFile(file('loop'), 'a'))).toContain('lead in a circle');
    expect(readdirSync(home).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test.skipIf(isRoot)('refuses a file that may not be written, although its directory may', async () => {
    const path = file('readonly.lab.ts', 'old');
    chmodSync(path, 0o444);
    expect(await refusal(writeNotebookFile(path, 'new'))).toContain('permission is denied');
    expect(readFileSync(path, 'utf8')).toBe('old');
  });
});

test('paths are shown so that a terminal does nothing with them', () => {
  expect(shown('/home/a/\u65e5.lab.ts')).toBe('/home/a/\u65e5.lab.ts');
  expect(shown('')).toBe('""');
  expect(shown('a b')).toBe('"a b"');
  expect(shown('a\n\x1b[31mb\u202e')).toBe('"a\\n\\u001b[31mb\\u{202e}"');
});
