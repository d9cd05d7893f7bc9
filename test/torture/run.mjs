// npm run torture [-- --kills N --seed N]: sets up, bundles the torture and its victim, and runs it.
import { join } from 'node:path';
import { run } from '../../main/setup/run.mjs';
import { main } from '../../main/setup/say.mjs';
import { setUpForNode } from '../../main/setup/setup.mjs';

await main(async () => {
  await setUpForNode();
  const { bundle } = await import('./bundle.mjs');
  const torture = await bundle(join(import.meta.dirname, 'main.ts'), 'torture');
  const victim = await bundle(join(import.meta.dirname, 'victim.ts'), 'torture');
  return run(process.execPath, [torture, '--victim', victim, ...process.argv.slice(2)], { stdout: 'inherit' });
});
