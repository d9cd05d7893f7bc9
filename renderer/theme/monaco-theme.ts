/** Monaco's themes, generated from the tokens so that code and window never differ. */
import type { editor } from 'monaco-editor/editor';
import { COLOURS, type ThemeName } from './tokens.ts';

export function monacoThemeName(theme: ThemeName): string {
  return `gupbook-${theme}`;
}

const BASES = { dark: 'vs-dark', light: 'vs', contrast: 'hc-black' } as const;

/** Token colours in Monaco's form: no leading `#`. */
function bare(colour: string): string {
  return colour.slice(1);
}

export function monacoTheme(theme: ThemeName): editor.IStandaloneThemeData {
  const c = COLOURS[theme];
  return {
    base: BASES[theme],
    inherit: true,
    rules: [
      { token: '', foreground: bare(c.text), background: bare(c.ground) },
      { token: 'comment', foreground: bare(c.comment) },
      { token: 'keyword', foreground: bare(c.keyword) },
      { token: 'string', foreground: bare(c.string) },
      { token: 'string.escape', foreground: bare(c.number) },
      { token: 'number', foreground: bare(c.number) },
      { token: 'regexp', foreground: bare(c.number) },
      { token: 'type', foreground: bare(c.type) },
      { token: 'identifier', foreground: bare(c.text) },
      { token: 'delimiter', foreground: bare(c.dim) },
    ],
    colors: {
      'editor.background': c.ground,
      'editor.foreground': c.text,
      'editor.lineHighlightBackground': c.ground,
      'editor.lineHighlightBorder': c.ground,
      'editor.selectionBackground': c.selection,
      'editor.inactiveSelectionBackground': c.raised,
      'editor.wordHighlightBackground': c.cursor,
      'editor.wordHighlightStrongBackground': c.cursor,
      'editor.findMatchBackground': c.selection,
      'editor.findMatchHighlightBackground': c.changeGround,
      'editorCursor.foreground': c.focus,
      'editorLineNumber.foreground': c.faint,
      'editorLineNumber.activeForeground': c.text,
      'editorIndentGuide.background1': c.rule,
      'editorIndentGuide.activeBackground1': c.ruleStrong,
      'editorBracketMatch.background': c.cursor,
      'editorBracketMatch.border': c.ruleStrong,
      'editorGutter.background': c.ground,
      'editorError.foreground': c.fail,
      'editorWarning.foreground': c.limit,
      'editorInfo.foreground': c.focus,
      'editorWidget.background': c.raised,
      'editorWidget.border': c.ruleStrong,
      'editorHoverWidget.background': c.raised,
      'editorHoverWidget.border': c.ruleStrong,
      'editorSuggestWidget.background': c.raised,
      'editorSuggestWidget.border': c.ruleStrong,
      'editorSuggestWidget.foreground': c.text,
      'editorSuggestWidget.selectedBackground': c.selection,
      'editorSuggestWidget.selectedForeground': c.text,
      'editorSuggestWidget.highlightForeground': c.focus,
      'editorSuggestWidget.focusHighlightForeground': c.focus,
      'list.hoverBackground': c.cursor,
      'list.highlightForeground': c.focus,
      'input.background': c.ground,
      'input.border': c.ruleStrong,
      'input.foreground': c.text,
      'scrollbarSlider.background': `${c.ruleStrong}66`,
      'scrollbarSlider.hoverBackground': `${c.ruleStrong}99`,
      'scrollbarSlider.activeBackground': `${c.ruleStrong}cc`,
      focusBorder: c.focus,
      'widget.shadow': '#00000055',
      ...(theme === 'contrast' ? { contrastBorder: c.ruleStrong, contrastActiveBorder: c.focus } : {}),
    },
  };
}
