import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { electronFinding, electronOf, librariesIn, nodeFinding, placeOf } from '../../main/cli/doctor/runtimes.ts';
import { dataFinding } from '../../main/cli/doctor/surroundings.ts';
import { cli, folderWith } from './cli.ts';

describe('gupbook doctor', () => {
  test('says which Electron, Node and SQLite there are', async () => {
    const { status, out, err } = await cli(['doctor', '--json'], folderWith({}));
    expect(err).toBe('');
    const { gupbook, findings } = JSON.parse(out);
    expect(gupbook).toMatch(/^\d+\.\d+/);
    const found = Object.fromEntries(findings.map((one: { what: string; found: string }) => [one.what, one.found]));
    expect(found).toMatchObject({
      Node: process.versions.node,
      SQLite: expect.stringMatching(/^3\.\d+/),
      Electron: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    const missing = findings.filter((one: { health: string }) => one.health === 'missing');
    expect(status).toBe(missing.length === 0 ? 0 : 1);
  });

  test('prints a line for each, and the command that mends it below', async () => {
    const { out } = await cli(['doctor'], folderWith({}));
    expect(out).toMatch(/^ok {7}Node/m);
    expect(out).toMatch(/^(?:All that is needed is there|\d+ missing)\.$/m);
  });

  test('takes no arguments', async () => {
    expect(await cli(['doctor', 'x'], folderWith({}))).toMatchObject({ status: 2, out: '' });
  });
});

describe('what is missing comes with what mends it', () => {
  test('an old Node', () => {
    expect(nodeFinding('20.18.1')).toMatchObject({ health: 'missing', mend: expect.stringContaining('20.19') });
    expect(nodeFinding('20.19.0').health).toBe('ok');
    expect(nodeFinding('24.1.0').health).toBe('ok');
  });

  test('no Electron, and one that is gone', () => {
    const root = folderWith({ 'electron.vite.config.ts': '' });
    const place = placeOf(join(root, 'out/main/cli.js'));
    expect(place).toEqual({ kind: 'clone', root });
    expect(electronFinding(electronOf(place), place)).toMatchObject({ health: 'missing', found: 'none is set up' });
    mkdirSync(join(root, 'node_modules/.gupbook'), { recursive: true });
    const told = { version: '45.4.1', executable: join(root, 'gone'), source: 'official' };
    writeFileSync(join(root, 'node_modules/.gupbook/electron.json'), JSON.stringify(told));
    expect(electronFinding(electronOf(place), place)).toMatchObject({ health: 'missing' });
    writeFileSync(told.executable, '');
    expect(electronFinding(electronOf(place), place)).toMatchObject({ health: 'ok', found: '45.4.1 (official)' });
  });

  test('a package knows its Electron', () => {
    const root = folderWith({
      'resources/release.json': '{"electron":"33.2.1","source":"fallback"}',
      'gupbook-window': '',
    });
    const place = placeOf(join(root, 'resources/app.asar.unpacked/out/main/cli.js'));
    expect(place).toEqual({ kind: 'package', root });
    expect(electronFinding(electronOf(place), place)).toMatchObject({ health: 'note', mend: null });
  });

  test('libraries', () => {
    const text = '\tlibnss3.so => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n';
    expect(librariesIn({ text })).toMatchObject({ health: 'missing', found: 'libnss3.so not found' });
    expect(librariesIn({ text: '\tlibc.so.6 => /lib/libc.so.6 (0x1)\n' }).health).toBe('ok');
    expect(librariesIn({ failed: 'no ldd' }).health).toBe('note');
  });

  test('a data folder that cannot be written', () => {
    const folder = folderWith({ 'data/gupbook.sqlite': 'x' });
    expect(dataFinding(join(folder, 'data')).health).toBe('ok');
    expect(dataFinding(join(folder, 'none/yet')).health).toBe('ok');
    if (process.getuid?.() === 0) return;
    chmodSync(join(folder, 'data'), 0o500);
    expect(dataFinding(join(folder, 'data'))).toMatchObject({ health: 'missing' });
    chmodSync(join(folder, 'data'), 0o700);
  });
});
