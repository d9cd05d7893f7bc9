/** The steps benchmark in a runner, whichever it is. */
import { DEFAULT_LIMITS, type Runner } from '../main/lab/runner.ts';

const INIT = {
  code: '',
  name: 'steps.lab.ts',
  lines: null,
  kernels: null,
  only: null,
  budget: { states: 1, seconds: 600 },
  schedule: null,
};

/** What the realm said: see steps-measured.ts. Or why it said nothing. */
export async function benchmark(runner: Runner): Promise<string> {
  const said: string[] = [];
  const { ended } = runner.start(INIT, { ...DEFAULT_LIMITS, silence: 600 }, (message) => {
    if (message.kind === 'console') said.push(message.text);
    if (message.kind === 'fatal') said.push(message.error.message);
  });
  const end = await ended;
  runner.close();
  return said.join('\n') || `${end.kind}: ${end.message}`;
}
