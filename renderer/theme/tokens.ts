/**
 * Every colour and measure of the window, once. The style sheets read them as CSS variables, the Monaco themes are
 * generated from them. Text colours have a contrast of at least 4.5 to the ground, states differ in word and shape too.
 */
export const THEMES = ['dark', 'light', 'contrast'] as const;
export type ThemeName = (typeof THEMES)[number];

/** Colours as `#rrggbb`. */
export interface Colours {
  /** Ground of the window, of a raised strip, of the row under the cursor. */
  readonly ground: string;
  readonly raised: string;
  readonly cursor: string;
  readonly rule: string;
  readonly ruleStrong: string;
  readonly text: string;
  readonly dim: string;
  readonly faint: string;
  /** The two accents: what has the focus, and what changed. */
  readonly focus: string;
  readonly change: string;
  readonly changeGround: string;
  /** States. Blue against orange, which no common colour blindness confuses. */
  readonly ok: string;
  readonly fail: string;
  readonly failGround: string;
  readonly error: string;
  readonly limit: string;
  readonly running: string;
  /** Syntax. */
  readonly keyword: string;
  readonly string: string;
  readonly number: string;
  readonly type: string;
  readonly comment: string;
  readonly selection: string;
}

export const COLOURS: Readonly<Record<ThemeName, Colours>> = {
  dark: {
    ground: '#16181d',
    raised: '#1c1f26',
    cursor: '#242a35',
    rule: '#2b2f38',
    ruleStrong: '#454b58',
    text: '#d7dae0',
    dim: '#9aa1ad',
    faint: '#7d8592',
    focus: '#6cb0ff',
    change: '#f0c674',
    changeGround: '#332c1c',
    ok: '#62c4d8',
    fail: '#ff8552',
    failGround: '#3a211a',
    error: '#ff7eb6',
    limit: '#d9b84a',
    running: '#6cb0ff',
    keyword: '#b0a4e3',
    string: '#a8c07a',
    number: '#e0a97a',
    type: '#7fb8d4',
    comment: '#8b93a0',
    selection: '#2f4664',
  },
  light: {
    ground: '#fcfbf8',
    raised: '#f3f1ec',
    cursor: '#e6ebf3',
    rule: '#dedad2',
    ruleStrong: '#a8a398',
    text: '#1d2026',
    dim: '#565c66',
    faint: '#6a707a',
    focus: '#0b5cad',
    change: '#7a4a00',
    changeGround: '#fbeecb',
    ok: '#00637d',
    fail: '#b23500',
    failGround: '#fce4d8',
    error: '#a3105f',
    limit: '#735600',
    running: '#0b5cad',
    keyword: '#5b3fa8',
    string: '#3f6b12',
    number: '#9a4a00',
    type: '#0a6480',
    comment: '#5f646c',
    selection: '#c4d9f2',
  },
  contrast: {
    ground: '#000000',
    raised: '#000000',
    cursor: '#002a52',
    rule: '#9a9a9a',
    ruleStrong: '#ffffff',
    text: '#ffffff',
    dim: '#e6e6e6',
    faint: '#d0d0d0',
    focus: '#ffd60a',
    change: '#ffe066',
    changeGround: '#2b2200',
    ok: '#6df2ff',
    fail: '#ffa07a',
    failGround: '#300d00',
    error: '#ff9ecb',
    limit: '#ffe14d',
    running: '#9ecbff',
    keyword: '#d9ceff',
    string: '#d2f5a0',
    number: '#ffcf9e',
    type: '#a8e4ff',
    comment: '#d6d6d6',
    selection: '#00468c',
  },
};

/** Measures shared by style sheets and editors, in CSS pixels. */
export const METRICS = {
  fontSize: 13,
  lineHeight: 20,
  fontFamily: '"DejaVu Sans Mono", "Noto Sans Mono", Menlo, Consolas, "Liberation Mono", monospace',
} as const;

/** Height of a line of text of a size, in whole CSS pixels. */
export function lineHeightOf(fontSize: number): number {
  return Math.round((fontSize * METRICS.lineHeight) / METRICS.fontSize);
}

/** The variables of a theme as the text of one CSS rule. */
export function cssVariables(theme: ThemeName, fontSize: number = METRICS.fontSize): string {
  const lines = Object.entries(COLOURS[theme]).map(
    ([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${value};`,
  );
  lines.push(`--font-size: ${fontSize}px;`, `--line: ${lineHeightOf(fontSize)}px;`);
  lines.push(`--font: ${METRICS.fontFamily};`, `color-scheme: ${theme === 'light' ? 'light' : 'dark'};`);
  return `:root { ${lines.join(' ')} }`;
}
