/** The shipped notebooks, evaluated in this process: their experiments as the engine gets them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globalsFor, Registry } from '../../main/engine/experiment.ts';
import type { Experiment } from '../../main/engine/lab.ts';
import { LIVE_GLOBAL } from '../../main/engine/lower/columns.ts';
import { live } from '../../main/engine/lower/live.ts';
import { lowerScript } from '../../main/lab/lower/script.ts';
import { type Notebook, parse } from '../../main/lab/notebook-format.ts';
import { scriptFor } from '../../main/lab/script.ts';

const FOLDER = fileURLToPath(new URL('../../scenarios/', import.meta.url));

export interface Shipped {
  /** File name in scenarios/. */
  readonly file: string;
  readonly notebook: Notebook;
  readonly experiments: readonly Experiment[];
}

export function shippedFiles(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.lab.ts'))
    .sort();
}

/** A call that changes switches, and what it asks for; shipped notebooks write it so. */
const WITH = /\.with\(\{([^{}]*)\}\)/g;

/** Evaluates a shipped notebook. It runs outside of a realm: what ships is trusted. */
export function shipped(file: string): Shipped {
  return evaluate(file, (code) => code);
}

/** The same notebook where `kernel.with()` changes nothing. */
export function shippedWithoutWith(file: string): Shipped {
  return evaluate(file, (code) => code.replaceAll(WITH, (call) => ' '.repeat(call.length)));
}

/** Names of the switches that an experiment changes with `kernel.with()`. */
export function switchesAsked({ body }: Experiment): string[] {
  return [...String(body).matchAll(WITH)].flatMap(([, asked]) =>
    [...(asked ?? '').matchAll(/(\w+):/g)].map((m) => m[1] ?? ''),
  );
}

function evaluate(file: string, edit: (code: string) => string): Shipped {
  const notebook = parse(readFileSync(`${FOLDER}${file}`, 'utf8'));
  const code = lowerScript(edit(scriptFor(notebook, 'all').code));
  const registry = new Registry({ name: file, code });
  const globals: Readonly<Record<string, unknown>> = { ...globalsFor(registry), [LIVE_GLOBAL]: live };
  new Function(...Object.keys(globals), code)(...Object.values(globals));
  registry.close();
  return { file, notebook, experiments: registry.experiments };
}
