import { describe, expect, it } from 'vitest';
import { isInstalled } from '../../main/setup/packages.mjs';

const lock = {
  '': { version: '0.1.0' },
  'node_modules/zod': { version: '4.6.7', integrity: 'sha512-z' },
  'node_modules/@biomejs/cli-darwin-arm64': { version: '2.6.8', integrity: 'sha512-b', optional: true },
};
const installed = { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-z' } };

describe('what is installed', () => {
  it('fits the lock file although a package for another platform is absent', () => {
    expect(isInstalled(lock, installed)).toBe(true);
  });

  it('does not fit when nothing is installed, or a package is missing', () => {
    expect(isInstalled(lock, {})).toBe(false);
    expect(isInstalled({ ...lock, 'node_modules/react': { version: '19.3.1' } }, installed)).toBe(false);
  });

  it('does not fit when a package has another version or integrity, or is not in the lock file', () => {
    expect(isInstalled(lock, { 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-z' } })).toBe(false);
    expect(isInstalled(lock, { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-x' } })).toBe(false);
    expect(isInstalled(lock, { ...installed, 'node_modules/left-pad': { version: '1.0.0' } })).toBe(false);
  });
});
