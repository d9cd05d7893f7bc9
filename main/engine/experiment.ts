/**
 * What a script sees: the global names of the scripting interface, and the registry that `experiment(...)` fills.
 * Installed on the realm's global object before the script runs; a script cannot replace them.
 */
import { changeSwitches } from './arguments.ts';
import { ScriptMisuse } from './errors.ts';
import * as flags from './flags.ts';
import type { ExperimentOptions, Fix, Lab } from './interface.ts';
import { kernelById } from './kernels/index.ts';
import { BASE } from './kernels/switches.ts';
import type { Experiment, NameFinder } from './lab.ts';
import * as observe from './observe.ts';
import { assignedName, positionIn } from './script.ts';
import * as step from './step.ts';
import { describe } from './world.ts';

/** A script's name and text, for positions and names. */
export interface ScriptText {
  readonly name: string;
  readonly code: string;
}

/** The current position in the script, from a fresh stack. */
function here(script: ScriptText): { readonly line: number; readonly column: number } | null {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 30;
  const stack: unknown = new Error().stack;
  Error.stackTraceLimit = limit;
  return typeof stack === 'string' ? positionIn(stack, script.name) : null;
}

/** Names pages after the variables they are assigned to. */
export function nameFinderFor(script: ScriptText): NameFinder {
  return () => {
    const at = here(script);
    return at === null ? null : assignedName(script.code, at.line, at.column);
  };
}

/** The experiments a script declared, in order. */
export class Registry {
  readonly experiments: Experiment[] = [];
  private readonly script: ScriptText;
  private open = true;

  constructor(script: ScriptText) {
    this.script = script;
  }

  /** No experiment can be added once the script has run. */
  close(): void {
    this.open = false;
  }

  readonly experiment = (name: string, options: ExperimentOptions, body: (lab: Lab) => void): void => {
    if (!this.open)
      throw new ScriptMisuse('experiment() belongs at the top of the script, not inside of an experiment');
    if (typeof name !== 'string' || name.trim() === '') throw new ScriptMisuse('an experiment needs a name');
    if (typeof options !== 'object' || options === null) {
      throw new ScriptMisuse(
        `experiment "${name}": the second argument is its options ({} for none), got ${describe(options)}`,
      );
    }
    if (typeof body !== 'function') throw new ScriptMisuse(`experiment "${name}" needs a body: (lab) => { ... }`);
    if (this.experiments.some((other) => other.name === name)) {
      throw new ScriptMisuse(`there already is an experiment "${name}": names must differ within a notebook`);
    }
    checkNames(name, options);
    const own = copyOf(options);
    checkOptions(name, own);
    this.experiments.push({ name, options: own, body, line: here(this.script)?.line ?? 0 });
  };
}

/** The options as they are now: what the script does to its own object later changes nothing. */
function copyOf(options: ExperimentOptions): ExperimentOptions {
  const { kernels, expect, arch, memoryModel, without, budget, bug } = options;
  const fixes = fixesOf(options).map((fix) => Object.freeze({ ...fix }));
  return Object.freeze({
    ...(kernels && { kernels: Object.freeze([...kernels]) }),
    ...(expect && { expect: Object.freeze({ ...expect }) }),
    ...(arch && { arch: Object.freeze({ ...arch }) }),
    ...(memoryModel !== undefined && { memoryModel }),
    ...(without && { without: Object.freeze([...without]) }),
    ...(budget && { budget: Object.freeze({ ...budget }) }),
    ...(bug !== undefined && { bug }),
    ...(fixes.length > 0 && { fix: Object.freeze(fixes) }),
  });
}

const OPTIONS = ['kernels', 'expect', 'arch', 'memoryModel', 'without', 'budget', 'bug', 'fix'];
const FIX_KEYS = ['kernels', 'on', 'off', 'none'];
const VERDICTS: readonly unknown[] = ['pass', 'fail', 'inconclusive', 'not-applicable', 'error'];

function checkNames(name: string, options: ExperimentOptions): void {
  for (const key of Object.keys(options)) {
    if (!OPTIONS.includes(key))
      throw new ScriptMisuse(`experiment "${name}": there is no option "${key}" (${OPTIONS.join(', ')})`);
  }
}

function checkOptions(name: string, options: ExperimentOptions): void {
  for (const id of options.kernels ?? []) requireKernel(name, id);
  for (const [id, verdict] of Object.entries(options.expect ?? {})) {
    if (id !== '*') requireKernel(name, id);
    if (!VERDICTS.includes(verdict))
      throw new ScriptMisuse(`experiment "${name}": expect says ${describe(verdict)} for ${id}, which is no verdict`);
  }
  if (options.memoryModel !== undefined && options.memoryModel !== 'sc') {
    throw new ScriptMisuse(`experiment "${name}": only the memory model "sc" exists`);
  }
  if (options.bug !== undefined && typeof options.bug !== 'string')
    throw new ScriptMisuse(
      `experiment "${name}": bug is a row of the matrix such as "S10", not ${describe(options.bug)}`,
    );
  for (const fix of fixesOf(options)) checkFix(name, fix);
}

/** The entries of `fix`, one or several. */
export function fixesOf({ fix }: ExperimentOptions): readonly Fix[] {
  if (fix === undefined) return [];
  return isList(fix) ? fix : [fix];
}

function isList(fix: Fix | readonly Fix[]): fix is readonly Fix[] {
  return Array.isArray(fix);
}

function checkFix(name: string, fix: Fix): void {
  for (const key of Object.keys(fix)) {
    if (!FIX_KEYS.includes(key))
      throw new ScriptMisuse(`experiment "${name}": a fix has no "${key}" (${FIX_KEYS.join(', ')})`);
  }
  for (const id of fix.kernels ?? []) requireKernel(name, id);
  for (const changes of [fix.on, fix.off]) if (changes !== undefined) changeSwitches(BASE, changes);
}

function requireKernel(name: string, id: string): void {
  if (kernelById(id) === undefined) throw new ScriptMisuse(`experiment "${name}": there is no kernel "${id}"`);
}

/** Every global of the scripting interface with its value. */
export function globalsFor(registry: Registry): Readonly<Record<string, unknown>> {
  const { R, W, ADD, ADDR, ADDU, SUBT, CAS, XCHG, LK, TRYLK, UL, WAIT, WAITNOT, IRQ_OFF, IRQ_ON, SYNC, NOP } = step;
  const { FOLL_WRITE, FOLL_GET, FOLL_PIN, FOLL_LONGTERM, FOLL_FORCE, PG_head, PG_dirty, PG_buddy } = flags;
  return {
    ...{ experiment: registry.experiment, ...observe },
    ...{ R, W, ADD, ADDR, ADDU, SUBT, CAS, XCHG, LK, TRYLK, UL, WAIT, WAITNOT, IRQ_OFF, IRQ_ON, SYNC, NOP },
    ...{ FOLL_WRITE, FOLL_GET, FOLL_PIN, FOLL_LONGTERM, FOLL_FORCE, PG_head, PG_dirty, PG_buddy },
  };
}
