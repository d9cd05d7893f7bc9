// npm run gupbook -- ARGS: the command line, with its standard output left alone.
import { join } from 'node:path';
import { root } from './house.mjs';
import { run } from './run.mjs';
import { main } from './say.mjs';
import { setUpForNode } from './setup.mjs';

await main(async () => {
  await setUpForNode();
  return run(process.execPath, [join(root, 'out/main/cli.js'), ...process.argv.slice(2)], { stdout: 'inherit' });
});
