import { ensureBuild } from './build.mjs';
import { ensureElectron } from './electron.mjs';
import { root } from './house.mjs';
import { exclusively } from './lock.mjs';
import { electronRuntime, ensureNative, nodeRuntime } from './native.mjs';
import { ensurePackages } from './packages.mjs';

/** What the command line needs: no Electron and no window. */
export function setUpForNode() {
  return exclusively(root, async () => {
    await ensurePackages();
    await ensureNative([nodeRuntime()]);
    ensureBuild(['main']);
  });
}

/**
 * What the application and its tests need.
 *
 * @returns the Electron to use
 */
export function setUpForElectron() {
  return exclusively(root, async () => {
    await ensurePackages();
    const electron = await ensureElectron();
    await ensureNative([nodeRuntime(), electronRuntime(electron)]);
    ensureBuild(['main', 'preload', 'renderer']);
    return electron;
  });
}
