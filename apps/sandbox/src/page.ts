import { createHash } from 'node:crypto';
import { Html, html } from '@suite/platform';

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  header { display: flex; align-items: baseline; gap: 1rem; }
  header form { margin-left: auto; }
  table { width: 100%; border-collapse: collapse; }
  th, td { text-align: left; padding: .5rem .75rem; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); overflow-wrap: anywhere; }
  time { white-space: nowrap; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
  dt { opacity: .6; }
  dd { margin: 0; overflow-wrap: anywhere; }
  nav { display: flex; gap: 1rem; margin: 1rem 0; }
  nav [aria-current] { font-weight: 600; text-decoration: none; }
  iframe { width: 100%; height: 70vh; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 6px; background: #fff; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .note { opacity: .6; }
`;

/** No scripts, no foreign content: a mail is somebody else's text, and so is its subject. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A page of the sandbox. */
export function page(title: string, content: Html, head?: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${new Html(`<style>${STYLE}</style>`)} ${head}
      </head>
      <body>
        ${content}
      </body>
    </html>`.text;
}
