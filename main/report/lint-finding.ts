/** What the check list says of a mail. */

/** `error`: a tool will lose, change or refuse something. `warning`: a reader or maintainer will mind. */
export type Severity = 'error' | 'warning';

/** Stable names of the rules, for scripts and the window. */
export type Rule =
  | 'headers'
  | 'content-type'
  | 'flowed'
  | 'charset'
  | 'transfer-encoding'
  | 'threading'
  | 'subject'
  | 'obfuscated-address'
  | 'width'
  | 'long-line'
  | 'tab'
  | 'control-character'
  | 'non-ascii'
  | 'trailing-blank'
  | 'column-0'
  | 'in-body-header'
  | 'trailer'
  | 'hex-word'
  | 'signature'
  | 'link'
  | 'markup'
  | 'top-posting'
  | 'footer'
  | 'placeholder'
  | 'mbox'
  | 'ktap';

export interface Finding {
  /** 1-based line of the file; 0 for the whole. */
  readonly line: number;
  readonly rule: Rule;
  readonly severity: Severity;
  /** One sentence: what is wrong and what it does. */
  readonly message: string;
}

export function error(line: number, rule: Rule, message: string): Finding {
  return { line, rule, severity: 'error', message };
}

export function warning(line: number, rule: Rule, message: string): Finding {
  return { line, rule, severity: 'warning', message };
}
