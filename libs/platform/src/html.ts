/** Text that is HTML already; only `html` makes it. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type HtmlPart = Html | string | number | false | undefined | HtmlPart[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]);

/**
 * A template whose parts are escaped, all of them, unless they come from `html` themselves: what a user wrote can
 * neither become a tag nor leave an attribute. Attributes must be quoted; a part that is to be a link has to be known as
 * http(s), since escaping does not disarm `javascript:`.
 */
export function html(strings: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  return new Html(strings.reduce((text, string, i) => text + render(parts[i - 1]) + string));
}

function render(part: HtmlPart): string {
  if (part === false || part === undefined) return '';
  if (Array.isArray(part)) return part.map(render).join('');
  return part instanceof Html ? part.text : escape(String(part));
}
