/** Notebook texts for tests: the sample of the interface's design, tame random notebooks, and hostile random texts. */
import fc from 'fast-check';
import { among } from './property.ts';

export const SAMPLE = `/// <reference types="gupbook" />

// %% [markdown] Why
// Jan Kara, 2019: one pin for the head, but \`refs\` references are dropped.
//
// - GET takes 512 references, PIN takes one bias.

// %% Two bios
experiment('two bios over one THP', { expect: { 'pin-v5': 'fail', '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;                       // \`kernel\`: the functions of the revision under test
  const buf = mm.mmapThp();                         // PMD-mapped 2 MB, _refcount 1
  lab.task('submit', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
    for (const bio of lab.splitBios(pages, 2))
      lab.irq(bio.name, function* () { yield* kernel.bio_release_pages(bio); });
  });
  lab.finally('every reference is given back', () => expect(page_ref_count(buf)).toBe(1));
});

// %% [markdown] Reading it timeout="5s"
// Nothing here.
`;

/** A line of a notebook without its line break; none opens anything that it does not close. */
const tameLine = among(
  'const a = 1;',
  'const text = `one`;',
  "const quote = '`';",
  'const pattern = /`[/*]/;',
  '/* a comment */ run();',
  '/** doc */',
  '// remark',
  '  // %% indented, so no marker',
  '//%% no marker',
  '// %%% no marker',
  'const emoji = "\u{1f600} \u65e5";',
  'expect(x / y / 2).toBe(1);',
  'function* steps() { yield* go(); }',
  '`$' + '{`inner`}`;',
);
const eol = among('\n', '\r\n', '\r');
const title = among('', 'Two bios', 'pin [v5]', '  spaced  ', '\u65e5 \u{1f600}', 'a="b" in the middle');
const attributes = among('', ' timeout="5s"', ' id="x" note="say \\"hi\\""');

/** Files whose pieces all read well, with one line ending each: what an editor of ours would write. */
export const tameText: fc.Arbitrary<string> = eol.chain((end) => {
  const blanks = fc.nat(2).map((count) => end.repeat(count));
  const lines = fc.array(
    fc.tuple(tameLine, blanks).map(([line, gap]) => line + end + gap),
    { maxLength: 4 },
  );
  const code = fc
    .tuple(title, attributes, lines)
    .map(([name, more, body]) => `// %% ${name}${more}${end}${body.join('')}`);
  const prose = fc
    .tuple(title, attributes, lines)
    .map(([name, more, body]) => `// %% [markdown] ${name}${more}${end}${body.map((line) => `// ${line}`).join('')}`);
  const cells = fc.array(fc.oneof(code, code, prose), { maxLength: 6 });
  return fc
    .tuple(among('', '\uFEFF'), among('', `/// <reference types="gupbook" />${end}`, end), lines, cells, fc.boolean())
    .map(([bom, head, body, all, isCut]) => {
      const text = bom + head + body.join('') + all.join('');
      return isCut ? text.replace(/[\r\n]+$/, '') : text;
    });
});

const hostileBit = among(
  '// %%',
  '// %% [markdown]',
  '// %% [md] [markdown] x [md]',
  '// %% a="b" c="',
  '//%%',
  '`',
  '${',
  '}',
  '/*',
  '*/',
  '//',
  '"',
  "'",
  '\\',
  '/',
  '[',
  '\uFEFF',
  '\u2028',
  '\ud800',
  '\udc00',
  '\0',
  '\u{1f600}',
  ' ',
  '\t',
  'a',
);
const anyBreak = among('\n', '\r\n', '\r', '\n\n', '');

/** Anything at all, thick with what could confuse a reader of notebooks. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(
        fc.tuple(hostileBit, anyBreak).map((pair) => pair.join('')),
        { maxLength: 40 },
      )
      .map((bits) => bits.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
);

export const anyText: fc.Arbitrary<string> = fc.oneof(tameText, hostileText);
