// npm start: opens the application, or runs the headless demonstration where there is no display.
import { join } from 'node:path';
import { describeElectron } from './electron.mjs';
import { isRoot, root } from './house.mjs';
import { hasDisplay } from './libraries.mjs';
import { run } from './run.mjs';
import { main, say } from './say.mjs';
import { setUpForElectron, setUpForNode } from './setup.mjs';

await main(async () => {
  const args = process.argv.slice(2);
  if (!hasDisplay()) {
    say('There is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so this is the headless demonstration.');
    await setUpForNode();
    return run(process.execPath, [join(root, 'out/main/cli.js'), 'demo', ...args], { stdout: 'inherit' });
  }
  const electron = await setUpForElectron();
  say(describeElectron(electron));
  if (isRoot) say('Running as root, which Chromium refuses its sandbox: starting with --no-sandbox.');
  const flags = isRoot ? ['--no-sandbox'] : [];
  return run(electron.executable, [...flags, root, ...args], { stdout: 'inherit' });
});
