import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import type { Protocol } from 'electron';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_POLICY, fileOf, serveApp } from '../../main/scheme.ts';
import { holds } from '../lab/property.ts';

const root = '/house/out/renderer';

describe('a URL of the scheme', () => {
  it.each([
    ['gupbook://app/', 'index.html'],
    ['gupbook://app/index.html', 'index.html'],
    ['gupbook://app/index.html?x=1#top', 'index.html'],
    ['gupbook://app/assets/index-B%2d1.js', 'assets/index-B-1.js'],
    ['gupbook://app/a/../index.html', 'index.html'],
    ['gupbook://app/%2e%2e/%2e%2e/package.json', 'package.json'],
    ['gupbook://app/..b.js', '..b.js'],
  ])('%s is the file %s', (url, file) => {
    expect(fileOf(root, url)).toBe(join(root, file));
  });

  it.each([
    'gupbook://app/..%2f..%2fpackage.json',
    'gupbook://app/..%5c..%5cpackage.json',
    'gupbook://app/..\\..\\package.json',
    'gupbook://app/a%00.js',
    'gupbook://app/%E0%A4%A.js',
    'gupbook://app/index.html/',
    'gupbook://app/etc/passwd',
    'gupbook://app/index.ts',
    'gupbook://other/index.html',
    'gupbook://app:80/index.html',
    'gupbook://user@app.evil/index.html',
    'file:///house/out/renderer/index.html',
    'https://app/index.html',
    'index.html',
    '',
  ])('%s is no file', (url) => {
    expect(fileOf(root, url)).toBeNull();
  });

  it('never leads out of the folder, whatever it says', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2f',
      '/',
      '\\',
      '%5c',
      'a',
      'b.js',
      '%00',
      '?',
      '#',
      '%25',
      ':',
    );
    holds(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const file = fileOf(root, `gupbook://app/${pieces.join('')}`);
      if (file !== null) expect(file.startsWith(root + sep) && !file.split(sep).includes('..')).toBe(true);
    });
  });
});

describe('serving', () => {
  let folder: string;
  let handler: (request: Request) => Response | Promise<Response>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gupbook-scheme-'));
    mkdirSync(join(folder, 'app'));
    writeFileSync(join(folder, 'secret.js'), 'secret');
    writeFileSync(join(folder, 'app/index.html'), '<!doctype html>');
    symlinkSync(join(folder, 'secret.js'), join(folder, 'app/link.js'));
    const protocol: Pick<Protocol, 'handle'> = {
      handle: (_scheme, given) => {
        handler = given;
      },
    };
    serveApp(protocol, join(folder, 'app'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives a file with its type and the policy', async () => {
    const response = await handler(new Request('gupbook://app/'));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<!doctype html>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(APP_POLICY);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['gupbook://app/missing.js', 'gupbook://app/link.js', 'gupbook://other/index.html'])(
    'gives 404 for %s',
    async (url) => {
      expect((await handler(new Request(url))).status).toBe(404);
    },
  );

  it('answers GET alone', async () => {
    expect((await handler(new Request('gupbook://app/', { method: 'POST' }))).status).toBe(404);
  });
});

describe('the policy', () => {
  it('lets no script run but files of the application, and nothing be fetched from elsewhere', () => {
    expect(APP_POLICY).toContain("script-src 'self';");
    expect(APP_POLICY).toContain("default-src 'none'");
    expect(APP_POLICY).not.toMatch(/unsafe-eval|https?:|\*|script-src[^;]*unsafe-inline/);
  });
});
