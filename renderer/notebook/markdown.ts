/** Markdown to HTML that may stand in the window: no raw HTML in, nothing but text structure out. */
import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

// Alignment as the attribute of old: a style attribute does not get through.
for (const rule of ['th_open', 'td_open'] as const) {
  markdown.renderer.rules[rule] = (tokens, index, options, _env, renderer) => {
    const token = tokens[index];
    const align = /text-align:(\w+)/.exec(String(token?.attrGet('style') ?? ''))?.[1];
    if (token !== undefined && align !== undefined) token.attrs = [['align', align]];
    return renderer.renderToken(tokens, index, options);
  };
}

/** Safe HTML of a Markdown text. Images are left out: the window loads nothing. */
export function markdownHtml(text: string): string {
  return DOMPurify.sanitize(markdown.render(text), {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['img', 'style', 'form', 'input', 'button', 'audio', 'video'],
    FORBID_ATTR: ['style', 'id', 'class'],
  });
}
