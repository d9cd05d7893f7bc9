import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exclusively } from '../../main/setup/lock.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('two set-ups of one folder', () => {
  it('work one after the other', async () => {
    const order: string[] = [];
    let release: () => void = () => {};
    const held = new Promise<void>((done) => {
      release = done;
    });
    const first = exclusively(folder, async () => {
      order.push('first begins');
      await held;
      order.push('first ends');
    });
    const second = exclusively(folder, async () => {
      order.push('second');
    });
    release();
    await Promise.all([first, second]);
    expect(order).toEqual(['first begins', 'first ends', 'second']);
  });

  it('give the lock back when the work fails', async () => {
    const failing = exclusively(folder, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    await expect(exclusively(folder, async () => 'done')).resolves.toBe('done');
  });

  it('do not wait for one that was killed', async () => {
    const lock = pathToFileURL(resolve(import.meta.dirname, '../../main/setup/lock.mjs')).href;
    const script = `import { exclusively } from '${lock}';
      await exclusively(${JSON.stringify(folder)}, async () => process.kill(process.pid, 'SIGKILL'));`;
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal).toBe('SIGKILL');
    await expect(exclusively(folder, async () => 'done')).resolves.toBe('done');
  });
});
