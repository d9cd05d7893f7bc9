/**
 * The corpus: what a hostile notebook may try, each as a script that goes the product's own way, from its text through
 * the real engine to what main believes. The same scripts run in the window's runner (real Electron, test/app) and in the
 * command line's (test/escape/headless.test.ts). A script may ruin its own run and nothing else.
 *
 * A script has no way to speak but what it throws, so one that wants to tell something throws it. `ESCAPED` in what it
 * tells, or a verdict that `victim` cannot have earned, is an escape.
 */

export interface Attack {
  /** For the table: what is tried. */
  readonly attack: string;
  /** Which part of the list in SECURITY.md it belongs to. */
  readonly kind: 'language' | 'ways out' | 'bombs' | 'verdicts';
  readonly code: string;
  /** What is seen, as {@link Outcome} tells it. */
  readonly seen: RegExp;
  /** For the table: what stopped it. */
  readonly stopped: string;
}

/** Fails under pin-v5, and only what is broken in the engine could make it anything else: `inside` runs in its body. */
export function victim(inside: string, actor = '', options = '{}'): string {
  return `experiment('victim', ${options}, (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 1 });
    ${inside}
    lab.task('submit', function* () {
      ${actor}
      const pages = yield* kernel.pin_user_pages_fast(buf, 2, FOLL_WRITE);
      for (const bio of lab.splitBios(pages, 2)) lab.irq(bio.name, function* () { yield* kernel.bio_release_pages(bio); });
    });
    lab.finally('every reference is given back', () => expect(page_ref_count(buf)).toBe(1));
  });`;
}

/** Throws what an expression comes to; `ESCAPED` goes in front where it came to anything at all. */
const tell = (expression: string): string => `throw new Error('ESCAPED ' + String(${expression}));`;

const MISSING =
  'Date Intl WebAssembly SharedArrayBuffer Atomics WeakRef FinalizationRegistry eval self window document location ' +
  'navigator fetch XMLHttpRequest WebSocket WebSocketStream EventSource WebTransport RTCPeerConnection BroadcastChannel ' +
  'MessageChannel MessagePort MessageEvent postMessage dispatchEvent addEventListener onmessage close Worker SharedWorker ' +
  'importScripts Blob URL File FileReader Request Response Headers indexedDB caches localStorage sessionStorage cookieStore ' +
  'open FontFace Image Notification setTimeout setInterval setImmediate requestAnimationFrame queueMicrotask ' +
  'structuredClone crypto performance console process require module global Buffer __dirname electron gupbook __gupbook ' +
  '__script gupbookLive trustedTypes ServiceWorker OffscreenCanvas createImageBitmap CompressionStream ReadableStream gc';

const patches: readonly (readonly [string, string, RegExp])[] = [
  ['prototype pollution', `Object.prototype.polluted = 1; ${tell('({}).polluted')}`, /not extensible/],
  [
    'a setter on Object.prototype',
    `Object.defineProperty(Object.prototype, 'kind', { set() {} }); ${tell('1')}`,
    /extensible/,
  ],
  ['Array.prototype.push replaced', `Array.prototype.push = () => 0; ${tell('[].push(1)')}`, /read only/],
  ['an array iterator replaced', `Array.prototype[Symbol.iterator] = null; ${tell('1')}`, /read only/],
  ['Map.prototype.get replaced', `Map.prototype.get = () => 0; ${tell('1')}`, /read only/],
  [
    'the prototype of generators replaced',
    `Object.getPrototypeOf(function* () {}).prototype.next = null; ${tell('1')}`,
    /read only/,
  ],
  ['Promise.prototype.then replaced', `Promise.prototype.then = null; ${tell('1')}`, /read only/],
  [
    'Symbol.hasInstance of all functions',
    `Object.defineProperty(Function.prototype, Symbol.hasInstance, { value: () => true }); ${tell('1')}`,
    /redefine/,
  ],
  [
    'Symbol.species of arrays',
    `Object.defineProperty(Array, Symbol.species, { get() { return Set; } }); ${tell('1')}`,
    /redefine/,
  ],
  [
    'Symbol.toPrimitive of a word',
    `experiment('victim', {}, (lab) => { lab.word('x')[Symbol.toPrimitive] = () => 0; })`,
    /not extensible/,
  ],
  ['a global of the interface replaced', `globalThis.R = () => null; ${tell('1')}`, /read only/],
  [
    'a global of the interface shadowed by define',
    `Object.defineProperty(globalThis, 'W', { value: 1 }); ${tell('1')}`,
    /redefine/,
  ],
  ['the observers replaced', `page_ref_count.call = () => 1; ${tell('1')}`, /read only/],
];
const language: readonly Attack[] = patches.map(([attack, code, seen]) =>
  attackOf('language', attack, code, seen, 'the language is frozen before the script runs'),
);

const waysOut: readonly Attack[] = [
  attackOf(
    'ways out',
    'any global that is not the language',
    `const found = ${JSON.stringify(MISSING)}.split(' ').filter((name) => name in globalThis); throw new Error(found.length === 0 ? 'nothing found' : 'ESCAPED ' + found);`,
    /nothing found/,
    'hosts leave the language alone and take every other global away',
  ),
  attackOf('ways out', 'import()', `import('node:fs')`, /^refused: .*import/, 'refused before it runs'),
  attackOf(
    'ways out',
    'import of a module',
    `import fs from 'node:fs';`,
    /^refused: .*import/,
    'refused before it runs',
  ),
  attackOf('ways out', 'import.meta', tell('import.meta.url'), /^refused: .*import/, 'refused before it runs'),
  attackOf('ways out', 'eval', tell(`eval('1')`), /not defined/, 'the realm has no eval'),
  ...[
    ['Function', `Function('return this')()`],
    ['the constructor of a function', `(() => {}).constructor('return this')()`],
    ['the constructor of a generator function', `(function* () {}).constructor('yield 1')().next()`],
    ['the constructor of an async function', `(async () => {}).constructor('return 1')()`],
    ['the constructor of a function of the interface', `R.constructor('return this')()`],
    ['the constructor of a constructor', `[].constructor.constructor('return process')()`],
    ['Reflect.construct of Function', `Reflect.construct(Function, ['return 1'])()`],
  ].map(([attack = '', code = '']) =>
    attackOf(
      'ways out',
      `code of strings, by ${attack}`,
      tell(code),
      /EvalError|disallowed/,
      'the realm makes no code of strings',
    ),
  ),
  attackOf(
    'ways out',
    'a WebAssembly module',
    tell(`new WebAssembly.Module(new Uint8Array(8))`),
    /not defined/,
    'the realm has no WebAssembly',
  ),
  attackOf(
    'ways out',
    'a worker of a blob',
    tell(`new Worker(URL.createObjectURL(new Blob(['1'])))`),
    /not defined/,
    'the realm has no Worker, Blob or URL',
  ),
  attackOf('ways out', 'fetch', tell(`fetch('http://127.0.0.1/')`), /not defined/, 'the realm has no fetch'),
  attackOf(
    'ways out',
    'a web socket',
    tell(`new WebSocket('ws://127.0.0.1/')`),
    /not defined/,
    'the realm has no WebSocket',
  ),
  attackOf(
    'ways out',
    'a timer that outlives the run',
    tell(`setTimeout(() => {}, 1)`),
    /not defined/,
    'the realm has no timers, and its process dies with the run',
  ),
  attackOf(
    'ways out',
    'frames of a stack',
    `Error.prepareStackTrace = (_e, frames) => frames; const frames = new Error('x').stack; const got = frames.filter((f) => f.getThis() !== undefined || f.getFunction() !== undefined); Error.prepareStackTrace = undefined; throw new Error(got.length === 0 ? 'nothing found' : 'ESCAPED');`,
    /nothing found/,
    'all code is strict: frames hand out places only',
  ),
  attackOf(
    'ways out',
    'the caller of a function',
    tell(`(function f() { return f.caller; })()`),
    /TypeError/,
    'all code is strict',
  ),
  attackOf(
    'ways out',
    'arguments around the script',
    `throw new Error(arguments.length === 0 ? 'nothing found' : 'ESCAPED ' + arguments[0]);`,
    /nothing found/,
    'the script is a function without arguments',
  ),
  attackOf(
    'ways out',
    'the name that prepared generators call',
    tell('gupbook$live'),
    /^refused: .*gupbook\$/,
    'refused before it runs',
  ),
  attackOf(
    'ways out',
    'the same, spelt with an escape',
    tell('gupbook\\u0024live'),
    /^refused: .*gupbook\$/,
    'refused before it runs',
  ),
  attackOf(
    'ways out',
    'the same, as a property of the global object',
    `throw new Error(Reflect.ownKeys(globalThis).some((name) => String(name).includes('gupbook')) ? 'ESCAPED' : 'nothing found');`,
    /nothing found/,
    'it is a parameter and no property',
  ),
  attackOf(
    'ways out',
    'closing the function around the script',
    `}); __script(function () { ${tell('1')}`,
    /^refused/,
    'what is no complete program is refused before it runs',
  ),
  attackOf(
    'ways out',
    'a comment that only the runtime sees',
    'let a = 1, b = 1;\na <!--b; {\n}\n',
    /^refused/,
    'refused before it runs',
  ),
  attackOf(
    'ways out',
    'a promise that goes on after the end',
    `Promise.resolve().then(() => { ${tell('1')} }); throw new Error('over');`,
    /over/,
    'the process dies with the run, and nothing late is heard',
  ),
];

const bombs: readonly Attack[] = [
  attackOf(
    'bombs',
    'an endless loop',
    'for (;;) {}',
    /^ended: time-limit/,
    'the run is ended for its silence, and its process killed',
  ),
  attackOf(
    'bombs',
    'an endless generator',
    'function* g() { for (;;) yield 1; }\nfor (const x of g()) {}',
    /^ended: time-limit/,
    'the run is ended for its silence, and its process killed',
  ),
  attackOf(
    'bombs',
    'a regular expression that backtracks',
    `/^(a+)+$/.test('a'.repeat(60) + 'b')`,
    /^ended: time-limit/,
    'the run is ended for its silence, and its process killed',
  ),
  attackOf(
    'bombs',
    'a memory bomb of arrays',
    'const all = []; for (;;) all.push(new Array(1e5).fill(1));',
    /^ended: (?:memory|time)-limit/,
    'the heap of the process is bounded',
  ),
  attackOf(
    'bombs',
    'a memory bomb of typed arrays',
    'const all = []; for (;;) all.push(new Float64Array(1e6).fill(1));',
    /^ended: (?:memory|time)-limit/,
    'the memory of the process is watched',
  ),
  attackOf(
    'bombs',
    'a long string',
    `let s = 'x'; for (;;) s += s;`,
    /RangeError|Invalid string length|^ended: memory-limit/,
    'strings are bounded by the runtime',
  ),
  attackOf(
    'bombs',
    'a stack bomb',
    'const f = () => f() + 1; f();',
    /Maximum call stack/,
    'it is an error of the script',
  ),
  attackOf(
    'bombs',
    'an actor that never comes to a step',
    victim('', 'for (;;) {}'),
    /^ended: time-limit/,
    'the run is ended for its silence, and its process killed',
  ),
  attackOf(
    'bombs',
    'a check that never answers',
    victim(`lab.always('x', () => { for (;;) {} });`),
    /^ended: time-limit/,
    'the run is ended for its silence, and its process killed',
  ),
  attackOf(
    'bombs',
    'actors without end',
    victim('', `for (let i = 0; ; i++) lab.task('t' + i, function* () { yield NOP(); });`),
    /^ended: (?:time|memory)-limit/,
    'the run is ended, and its process killed',
  ),
];

const NO_WORD = /needs a word|word of this world/;
const verdicts: readonly Attack[] = [
  forged(
    'the world behind lab, kernel, pages and words',
    'the engine keeps it in private fields',
    victim(`
    const page = buf.page(0);
    const found = [lab, kernel, mm, buf, page, page._refcount, buf.pmd].flatMap((thing) => ['world', 'memory', 'books', 'registry', 'fields', 'register', 'birth', 'pending', 'handles', 'nameFinder', 'rebind', 'sw'].filter((name) => name in thing));
    throw new Error(found.length === 0 ? 'nothing found' : 'ESCAPED ' + found);`),
    /nothing found/,
  ),
  forged(
    'anything in reach that can still be changed',
    'all that a script is given is frozen, down to its classes',
    victim(
      '',
      `
    { const pages = yield* kernel.pin_user_pages_fast(buf, 2, FOLL_WRITE);
    const bios = lab.splitBios(pages, 2);
    const call = kernel.get_page(buf.page(0));
    const rest = [lab, kernel, mm, buf, buf.mm, buf.at(0).mapping, buf.page(1), buf.page(0)._refcount, buf.pte(0), pages.runs, bios[0], NOP(), call, R, experiment, kernel.switches, ...Reflect.ownKeys(globalThis).filter((n) => n !== 'globalThis').map((n) => globalThis[n])];
    const seen = new Set([pages, call, globalThis, Error]); const loose = [];
    while (rest.length > 0) {
      const thing = rest.pop();
      if ((typeof thing !== 'object' && typeof thing !== 'function') || thing === null || seen.has(thing)) continue;
      seen.add(thing);
      const own = thing === bios || (Array.isArray(thing) && 'ret' in thing) || Object.prototype.toString.call(thing).endsWith('Iterator]') || ArrayBuffer.isView(thing) || thing instanceof ArrayBuffer;
      if (!own && Object.isExtensible(thing)) loose.push(Object.prototype.toString.call(thing) + ' ' + Reflect.ownKeys(thing).slice(0, 9).map(String));
      rest.push(Object.getPrototypeOf(thing));
      for (const key of Reflect.ownKeys(thing)) { const d = Object.getOwnPropertyDescriptor(thing, key); rest.push(d.value, d.get, d.set); }
      for (let at = thing; at !== null && at !== Object.prototype && typeof thing === 'object'; at = Object.getPrototypeOf(at)) {
        for (const key of Reflect.ownKeys(at)) { const g = Object.getOwnPropertyDescriptor(at, key)?.get; if (g) try { rest.push(g.call(thing)); } catch {} }
      }
    }
    rest.push(Object.getPrototypeOf(call));
    throw new Error(loose.length === 0 && seen.size > 300 ? 'nothing found' : 'ESCAPED ' + seen.size + loose.join(' | ')); }`,
    ),
    /nothing found/,
  ),
  forged(
    'a class of pages patched, so that checks read other counts',
    'classes that a script can reach are frozen',
    victim(`Object.getPrototypeOf(buf.page(0)).peek = () => 1;`),
    /read only/,
  ),
  forged(
    'a class of mappings patched',
    'classes that a script can reach are frozen',
    victim(`Object.getPrototypeOf(buf).shows = () => null;`),
    /read only/,
  ),
  forged('a page patched', 'pages are frozen', victim(`buf.page(0).peek = () => 1;`), /read only|not extensible/),
  forged(
    'a word made by the constructor of another',
    'nothing leads to a constructor',
    victim('', `const C = buf.page(0)._refcount.constructor; yield W(new C(7, 'ghost'), 1);`),
    NO_WORD,
  ),
  forged(
    'words by number, those of the books among them',
    'a step takes words that this world made, and no look-alikes',
    victim('', `for (let i = 0; i < 300; i++) yield W({ index: i, name: 'ghost' }, 1);`),
    NO_WORD,
  ),
  forged(
    'a word with a prototype of words',
    'a step takes words that this world made, and no look-alikes',
    victim('', `yield W(Object.create(Object.getPrototypeOf(buf.page(0)._refcount), { index: { value: 3 } }), 1);`),
    NO_WORD,
  ),
  forged(
    'a word whose number changes as it is read',
    'a number is read once, and must lead back to the word',
    victim(
      '',
      `let n = 0; const word = { get index() { return n++ % 40; } }; for (let i = 0; i < 99; i++) yield W(word, 1);`,
    ),
    /needs a word|word of this world|changes the variable/,
  ),
  forged(
    'words of another world',
    'a step takes words that this world made',
    `let kept = null;\n${victim(`kept ??= lab.word('x');`, `yield W(kept, 1);`)}`,
    /word of this world|the body of/,
  ),
  forged(
    'a step changed after it was made',
    'what a script is given for a step is frozen and says nothing',
    victim('', `const step = W(buf.page(0)._refcount, 1); step.word = 3; yield step;`),
    /not extensible/,
  ),
  forged(
    'a step that is made and kept back',
    'each step that is made must be the one that is taken',
    victim('', `W(buf.page(0)._refcount, 1); yield NOP();`),
    /one step but made 2/,
  ),
  forged(
    'an old step yielded again',
    'each step that is taken must have been made for it',
    victim('', `const step = NOP(); yield step; yield step;`),
    /did not make now/,
  ),
  forged(
    'a look-alike of a step',
    'only what makers of steps give is a step',
    victim('', `yield { op: 1, word: 3, a: 0, b: 0 };`),
    /is no step/,
  ),
  forged(
    'a kernel function told a result that its step did not have',
    'a kernel function goes on with what its own step gave',
    victim(
      '',
      `
    const call = kernel.try_get_compound_head(buf.page(0), 1); let next = call.next();
    while (!next.done) { yield next.value; next = call.next(0); }`,
    ),
    /is run by an actor/,
  ),
  forged(
    'the same through the prototype of generators',
    'a kernel function goes on with what its own step gave',
    victim(
      '',
      `
    const next = Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(kernel.get_page(buf.page(0))))).next;
    const call = kernel.get_page(buf.page(0)); yield next.call(call).value; next.call(call, 77);`,
    ),
    /is run by an actor|no step|undefined/,
  ),
  forged(
    'two kernel functions that take turns',
    'a kernel function takes one step a turn of its actor',
    victim(
      '',
      `
    const one = kernel.get_page(buf.page(0)); const two = kernel.get_page(buf.page(1));
    const r = yield one.next().value; yield two.next().value; one.next(r);`,
    ),
    /is run by an actor/,
  ),
  forged(
    'the generators of the kernel patched',
    'their prototypes are frozen',
    victim(`Object.getPrototypeOf(kernel.get_page(buf.page(0))).next = () => ({ done: true });`),
    /not extensible|read only/,
  ),
  forged(
    'a kernel function run by the body',
    'kernel functions are run by actors',
    victim(`kernel.get_page(buf.page(0)).next();`),
    /is run by an actor/,
  ),
  forged(
    'a kernel function run by a check',
    'kernel functions are run by actors',
    victim(`lab.always('x', () => { kernel.put_page(buf.page(0)).next(); return true; });`),
    /is run by an actor/,
  ),
  forged(
    'a kernel function called on another kernel',
    'functions of a kernel are bound to it',
    victim(
      '',
      `
    const fake = { sw: { ...kernel.switches }, world: { hold() {}, drop() {}, holdAt() {} }, bias: 1 };
    yield* kernel.get_page.call(fake, {});`,
    ),
    /wants a page/,
  ),
  forged(
    'a switch of the kernel turned',
    'switch tables are frozen',
    victim(`kernel.switches.bioRelease = 'folio';`),
    /read only|only a getter/,
  ),
  forged(
    'a kernel derived by an actor',
    'kernels are derived by the body',
    victim('', `kernel.with({ follPin: false });`),
    /belongs in the body/,
  ),
  forged(
    'the list of mappings emptied, so that checks see none',
    'lists are frozen',
    victim(`buf.mm.mappings.length = 0;`),
    /read only/,
  ),
  forged('the start of a mapping changed', 'it is frozen', victim(`buf.start.npages = 0;`), /read only/),
  forged(
    'a list of pages changed behind its back',
    'lists of pages keep their runs private and frozen',
    victim('', `const p = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE); p.runs.length = 0;`),
    /read only/,
  ),
  forged(
    'how pages were taken changed',
    'lists of pages keep it private',
    victim('', `const p = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE); p.how = 'get';`),
    /only a getter/,
  ),
  forged(
    'an object that looks like a page',
    'a page is what the engine made',
    victim('', `yield* kernel.unpin_user_page(Object.create(buf.page(0)));`),
    /wants a page/,
  ),
  forged(
    'an array whose map() gives other pages',
    'arrays are read by index',
    victim(
      '',
      `const list = [buf.page(0)]; Object.defineProperty(list, 'map', { value: () => [{ head: null }] }); yield* kernel.unpin_user_pages(list); throw new Error('read by index');`,
    ),
    /read by index|fail/,
  ),
  forged(
    'a proxy for a mapping',
    'a mapping is what the engine made',
    victim('', `yield* kernel.munmap(new Proxy(buf, {}));`),
    /wants a mapping/,
  ),
  forged(
    'an index that is no number',
    'addresses are checked',
    victim('', `yield* kernel.user_read({ mapping: buf, index: { valueOf: () => 0 } });`),
    /is no page of a mapping/,
  ),
  forged(
    'a number that makes steps while it is read',
    'each step that is made must be the one that is taken',
    victim('', `yield W(buf.page(0)._refcount, { valueOf() { NOP(); return 1; } });`),
    /one step but made 2/,
  ),
  forged(
    'an error of the engine thrown again, so that the kernel seems to lack the function',
    'what a script throws is an error of the script',
    victim(
      '',
      `let C = Error; try { lab.word(''); kernel.pin_user_pages_fast(1); } catch (e) { C = e.constructor; } throw new C('not in this kernel');`,
    ),
    /^victim pin-v5 error/,
  ),
  forged(
    'a kept NotApplicable of another kernel',
    'it counts in the run that it was thrown in',
    `let kept = null;\n${victim(`try { kernel.with({ follPin: false }).page_maybe_dma_pinned(buf.page(0)); } catch (e) { kept ??= e; } throw kept;`).replace("'victim'", "'first'")}\n${victim(`throw kept;`).replace("'victim'", "'later'")}`,
    /later pin-v5 error/,
  ),
  forged(
    'options changed after they were given',
    'options are copied when they are given',
    `const options = { expect: { 'pin-v5': 'fail' } };\n${victim('options.expect["pin-v5"] = "pass"; options.without = ["I2"];', '', 'options')}`,
    /^victim pin-v5 fail/,
  ),
  forged(
    'options that answer otherwise each time',
    'options are copied when they are given',
    `let n = 0;\n${victim('', '', '{ get expect() { return n++ ? { "*": "pass" } : { "*": "fail" }; } }')}`,
    /^victim pin-v5 fail|changes the variable|error/,
  ),
  forged(
    'an actor added by a check',
    'actors are started by the body and by actors',
    victim(`lab.always('x', () => { lab.task('late', function* () {}); return true; });`),
    /must be started by/,
  ),
  forged(
    'a word made by an actor',
    'words are made by the body',
    victim('', `lab.word('late');`),
    /must be made by the body/,
  ),
  forged(
    'actors that share a variable',
    'writing to what others see is refused',
    victim('let shared = 0;', `shared = 1;`),
    /changes the variable/,
  ),
  forged(
    'actors that share an object',
    'what actors see of the world around them is frozen',
    victim('const shared = { n: 0 };', `shared.n = 1;`),
    /read only|keep what actors share/,
  ),
  forged(
    'actors that share a Set',
    'what actors see of the world around them is frozen',
    victim('const shared = new Set();', `shared.add(1);`),
    /keep what actors share/,
  ),
  forged(
    'actors that share an instance of a class',
    'what actors see of the world around them is frozen',
    victim('const shared = new (class { n = 0; })();', `shared.n = 1;`),
    /read only|keep what actors share/,
  ),
  forged(
    'actors that share a typed array',
    'what cannot be frozen may not be shared',
    victim('const shared = new Int32Array(1);', `shared[0] = 1;`),
    /typed array/,
  ),
  forged(
    'an actor that is not the same twice',
    'a shadow of each actor does the same right after it',
    `const g = (function* () { for (let i = 0; ; i++) yield i; })();\n${victim('', `if (g.next().value % 2 === 1) yield NOP();`)}`,
    /not deterministic/,
  ),
  forged(
    'an experiment added by an experiment',
    'the list of experiments is closed once the script has run',
    victim(`experiment('more', {}, () => {});`),
    /belongs at the top/,
  ),
  forged(
    'a stack that overflows in the engine',
    'it is an error of the script',
    victim('', `const dive = () => { try { dive(); } catch {} buf.page(0)._refcount; lab.splitBios([], 1); }; dive();`),
    /^victim pin-v5 error/,
  ),
  forged(
    'a generator function that is none',
    'actors are generator functions',
    victim(
      `const fake = () => ({ next: () => ({ done: true }) }); Object.defineProperty(fake, Symbol.toStringTag, { value: 'x' }); lab.task('fake', fake);`,
    ),
    /must be a generator function/,
  ),
  forged(
    'a name that is an object',
    'names are strings',
    `experiment({ toString: () => 'victim' }, {}, () => {});`,
    /needs a name/,
  ),
  forged(
    'a message of its own',
    'the channel is in the engine alone',
    `throw new Error(typeof send + typeof host + typeof init + typeof port + typeof emit);`,
    /^fatal: (?:undefined){5}/,
  ),
];

export const ATTACKS: readonly Attack[] = [...language, ...waysOut, ...bombs, ...verdicts];

function attackOf(kind: Attack['kind'], attack: string, code: string, seen: RegExp, stopped: string): Attack {
  return { attack, kind, code, seen, stopped };
}

function forged(attack: string, stopped: string, code: string, seen: RegExp): Attack {
  return { attack, kind: 'verdicts', code, seen, stopped };
}
