import { createContext, Script } from 'node:vm';
import engine from 'virtual:gupbook-engine-text';
import child from 'virtual:gupbook-headless-child-text';
import realm from 'virtual:gupbook-headless-realm-text';
import host from 'virtual:gupbook-host-text';
import worker from 'virtual:gupbook-worker-text';
import { describe, expect, it } from 'vitest';

describe('a script that main carries as text', () => {
  for (const [name, text] of Object.entries({ engine, worker, host, child, realm })) {
    it(`is one classic script that loads nothing: ${name}`, () => {
      // Compiling it as a script refuses import and export; nothing is run.
      expect(() => new Script(text)).not.toThrow();
      expect(text).not.toMatch(/^\s*(import|export)\b|\brequire\(/m);
    });
  }

  it('keeps the names of functions, which stack traces and generators show', () => {
    expect(engine).toContain('function* pin_user_pages_fast');
  });

  it('runs in a realm that has the language and nothing else', () => {
    const context = createContext(Object.create(null));
    const script = new Script(engine);
    expect(() => script.runInContext(context)).not.toThrow();
  });

  it('is named in stack traces', () => {
    expect(engine.trimEnd().split('\n').at(-1)).toBe('//# sourceURL=gupbook-engine.js');
  });
});
