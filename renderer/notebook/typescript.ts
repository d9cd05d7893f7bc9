/** TypeScript for the cells: script mode, so that all cells share one scope, and the typed interface as a library. */

import type { Uri } from 'monaco-editor/editor';
import {
  getTypeScriptWorker,
  ModuleKind,
  ScriptTarget,
  type TypeScriptWorker,
  typescriptDefaults,
} from 'monaco-editor/languages/features/typescript/register';

/** Where the interface stands for TypeScript, so that `/// <reference types="gupbook" />` finds it. */
export const INTERFACE_PATH = 'file:///node_modules/@types/gupbook/index.d.ts';

/** Sets the compiler up; called once, before the first model. */
export function setUpTypeScript(interfaceText: string): void {
  typescriptDefaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    module: ModuleKind.ESNext,
    lib: ['es2023'],
    types: [],
    strict: true,
    noEmit: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
    allowNonTsExtensions: true,
  });
  // Cells see each other only if the worker has all of them; its own squiggles would follow only the edited one.
  typescriptDefaults.setEagerModelSync(true);
  typescriptDefaults.setDiagnosticsOptions({
    noSemanticValidation: true,
    noSyntaxValidation: true,
    noSuggestionDiagnostics: true,
  });
  typescriptDefaults.addExtraLib(interfaceText, INTERFACE_PATH);
}

/** How often, and how long apart (milliseconds), the worker is asked for while Monaco still loads its TypeScript mode. */
const TRIES = 200;
const WAIT = 50;

/**
 * The worker, with the models of these cells up to date.
 * @throws if Monaco has no TypeScript after ten seconds.
 */
export async function typeScript(...uris: readonly Uri[]): Promise<TypeScriptWorker> {
  for (let tries = 0; ; tries++) {
    try {
      const worker = await getTypeScriptWorker();
      return await worker(...uris);
    } catch (error) {
      // Monaco loads the mode when the first TypeScript model comes, and rejects until then.
      if (tries >= TRIES) throw error;
      await new Promise((resolve) => window.setTimeout(resolve, WAIT));
    }
  }
}
