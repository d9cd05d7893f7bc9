// npm run soak: opens, runs, stops and leaves notebooks 2,000 times in the real application.

import { main } from '../../main/setup/say.mjs';
import { setUpForElectron } from '../../main/setup/setup.mjs';
import { app } from '../../main/setup/stages.mjs';

await main(async () => {
  process.env.GUPBOOK_SOAK ??= '2000';
  await setUpForElectron();
  const { failed } = await app(['test/app/soak']);
  return failed === 0 ? 0 : 1;
});
