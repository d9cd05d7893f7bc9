import { describe, expect, it } from 'vitest';
import { monacoTheme } from '../../renderer/theme/monaco-theme.ts';
import { COLOURS, cssVariables, THEMES } from '../../renderer/theme/tokens.ts';

/** Relative luminance of `#rrggbb`, WCAG 2. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(THEMES)('the %s theme', (name) => {
  const c = COLOURS[name];

  it('keeps every text readable on every ground that it stands on', () => {
    const grounds = { ground: c.ground, raised: c.raised, cursor: c.cursor };
    const texts = {
      text: c.text,
      dim: c.dim,
      ok: c.ok,
      fail: c.fail,
      error: c.error,
      limit: c.limit,
      running: c.running,
    };
    const syntax = { keyword: c.keyword, string: c.string, number: c.number, type: c.type, comment: c.comment };
    for (const [text, colour] of Object.entries({ ...texts, ...syntax, change: c.change })) {
      for (const [ground, below] of Object.entries(grounds)) {
        expect(contrast(colour, below), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(c.fail, c.failGround)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(c.text, c.failGround)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(c.change, c.changeGround)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(c.text, c.selection)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(c.faint, c.ground)).toBeGreaterThanOrEqual(4.5);
  });

  it('shows the focus at 3 to 1 and more', () => {
    expect(contrast(c.focus, c.ground)).toBeGreaterThanOrEqual(3);
    expect(contrast(c.focus, c.raised)).toBeGreaterThanOrEqual(3);
  });

  it('gives the editors the colours of the window', () => {
    expect(monacoTheme(name).colors['editor.background']).toBe(c.ground);
    expect(cssVariables(name)).toContain(`--ground: ${c.ground};`);
    expect(cssVariables(name)).toContain(`--fail-ground: ${c.failGround};`);
  });
});
