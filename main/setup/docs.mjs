// npm run docs: runs the library on all kernels and writes its matrix into scenarios/README.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './house.mjs';
import { run } from './run.mjs';
import { main } from './say.mjs';
import { setUpForNode } from './setup.mjs';

await main(async () => {
  await setUpForNode();
  const folder = mkdtempSync(join(tmpdir(), 'gupbook-docs-'));
  const results = join(folder, 'run.json');
  const cli = join(root, 'out/main/cli.js');
  try {
    const ran = await run(
      process.execPath,
      [cli, 'run', 'scenarios', '--kernel', 'all', '--time-limit', '600', '--json', results],
      {
        cwd: root,
      },
    );
    if (ran !== 0) return ran;
    return await run(process.execPath, [cli, 'matrix', results, '--into', 'scenarios/README.md'], { cwd: root });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
