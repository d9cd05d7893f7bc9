import { describe, expect, it } from 'vitest';
import { checkLicences, isPermissive, shippedPackages, thirdPartyText } from '../../main/setup/release/shipped.mjs';

describe('what ships', () => {
  const shipped = shippedPackages();

  it('is what package.json depends on, and what that needs', () => {
    const names = shipped.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['better-sqlite3', 'monaco-editor', 'react', 'react-dom', 'scheduler']),
    );
    expect(names).not.toContain('vitest');
  });

  it('has no licence that asks more than to be named', () => {
    expect(() => checkLicences(shipped)).not.toThrow();
  });

  it('comes with the text of every licence', () => {
    const text = thirdPartyText(shipped, '45.4.1');
    for (const { name, version, license } of shipped) expect(text).toContain(`${name} ${version} (${license})`);
    expect(text).toContain('electron 45.4.1 (MIT)');
    expect(text.match(/Permission is hereby granted/g)?.length).toBeGreaterThan(10);
  });
});

describe('a licence', () => {
  it.each(['MIT', '(MPL-2.0 OR Apache-2.0)', 'MIT AND ISC', 'BSD-3-Clause'])('%s lets us ship', (license) => {
    expect(isPermissive(license)).toBe(true);
  });

  it.each(['GPL-2.0-only', 'LGPL-3.0-or-later', 'AGPL-3.0', 'MPL-2.0', 'MIT AND GPL-3.0-only', 'SEE LICENSE IN x', ''])(
    '%s does not, and the sentence names the package',
    (license) => {
      const refused = { name: 'left-pad', version: '1.0.0', license, folder: '/nowhere' };
      expect(() => checkLicences([refused])).toThrow(/^These may not ship .*left-pad 1\.0\.0/);
    },
  );
});
