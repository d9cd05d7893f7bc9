import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digest, readStamp, sources, writeStamp } from '../../main/setup/stamp.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-stamp-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a stamp', () => {
  it('is read as it was written, its folder being made on the way', () => {
    const file = join(folder, 'a/b/stamp.json');
    writeStamp(file, { version: '1', count: 2, done: true });
    expect(readStamp(file)).toEqual({ version: '1', count: 2, done: true });
  });

  it('is null where there is none, or something else', () => {
    expect(readStamp(join(folder, 'none.json'))).toBeNull();
    for (const text of ['', '{', '[1]', 'null', '3']) {
      writeFileSync(join(folder, 'odd.json'), text);
      expect(readStamp(join(folder, 'odd.json'))).toBeNull();
    }
  });
});

describe('a digest', () => {
  it('counts where one part ends and the next begins', () => {
    expect(digest(['ab', 'c'])).not.toBe(digest(['a', 'bc']));
    expect(digest(['ab', 'c'])).toBe(digest(['ab', Buffer.from('c')]));
  });
});

describe('the state of sources', () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'main/engine'), { recursive: true });
    writeFileSync(join(folder, 'main/index.ts'), 'one');
    writeFileSync(join(folder, 'main/engine/step.ts'), 'two');
    writeFileSync(join(folder, 'config.ts'), 'three');
  });

  const look = () => {
    const { files, quick, content } = sources(folder, ['main', 'config.ts', 'absent'], (path) => path.endsWith('.md'));
    return { files, quick, content: content() };
  };

  it('covers folders in depth, files by name, and nothing that is absent', () => {
    expect(look().files).toEqual(['config.ts', 'main/engine/step.ts', 'main/index.ts']);
  });

  it('stays the same while nothing changes, and beside what is skipped', () => {
    const before = look();
    writeFileSync(join(folder, 'main/notes.md'), 'skipped');
    expect(look()).toEqual(before);
  });

  it('differs quickly but not in content when a file is only touched', () => {
    const before = look();
    utimesSync(join(folder, 'config.ts'), 1, 1);
    expect(look().quick).not.toBe(before.quick);
    expect(look().content).toBe(before.content);
  });

  it('differs in content when a file changes, comes, goes or is renamed', () => {
    const states = [look().content];
    writeFileSync(join(folder, 'config.ts'), 'THREE');
    states.push(look().content);
    writeFileSync(join(folder, 'main/new.ts'), '');
    states.push(look().content);
    rmSync(join(folder, 'main/engine/step.ts'));
    states.push(look().content);
    rmSync(join(folder, 'main/new.ts'));
    writeFileSync(join(folder, 'main/newer.ts'), '');
    states.push(look().content);
    expect(new Set(states).size).toBe(5);
  });
});
