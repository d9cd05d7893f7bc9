/** Names that a report gives functions: a reader of that kernel's source must find them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kernelChain, SPOKEN_OF } from '../../main/report/kernel-names.ts';

const MODEL = ['mm', 'calls'].flatMap((room) => {
  const folder = fileURLToPath(new URL(`../../main/engine/${room}/`, import.meta.url));
  return readdirSync(folder).map((name) => readFileSync(folder + name, 'utf8'));
});

function chain(kernel: string, ...names: readonly string[]): string[] {
  const frames = names.map((fn) => ({ fn, line: 0, column: 0 }));
  return kernelChain(frames, kernel).map(({ fn }) => fn);
}

describe('names of functions', () => {
  const PIN = ['pin_user_pages_fast', 'gup', 'gup_huge_leaf', 'gup_huge_pmd', 'grab_leaf', 'try_grab_compound_head'];

  it('are those of the kernel', () => {
    expect(chain('pin-v5', ...PIN, 'user_page_ref_inc')).toEqual([
      'pin_user_pages_fast',
      'gup_huge_pmd',
      'user_page_ref_inc',
    ]);
    expect(chain('5.9', ...PIN)).toEqual(['pin_user_pages_fast', 'gup_huge_pmd', 'try_grab_compound_head']);
    expect(chain('6.1.192', ...PIN)).toEqual(['pin_user_pages_fast', 'gup_huge_pmd', 'try_grab_folio']);
    expect(chain('7.2', ...PIN)).toEqual(['pin_user_pages_fast', 'gup_fast_pmd_leaf', 'try_grab_folio_fast']);
  });

  it('are said once where one function of the kernel is two of the model', () => {
    expect(chain('6.1', 'put_compound_head', 'gup_put_folio', 'put_page_refs')).toEqual([
      'gup_put_folio',
      'folio_put_refs',
    ]);
    expect(chain('pin-v7', 'unpin_user_page', 'unpin_folio', 'page_ref_sub_and_test')).toEqual([
      'put_user_page',
      'page_ref_sub_and_test',
    ]);
  });

  it("stay the author's where the code is the author's", () => {
    const own = { fn: 'slow', line: 3, column: 1 };
    expect(kernelChain([own], 'pin-v5')).toEqual([own]);
  });

  it('are spoken of only while the model has them', () => {
    const gone = SPOKEN_OF.filter((name) => !MODEL.some((text) => new RegExp(`\\b${name}\\(`).test(text)));
    expect(gone).toEqual([]);
  });
});
