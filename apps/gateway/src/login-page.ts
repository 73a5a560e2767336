import { hash } from 'node:crypto';
import { html, Html } from '@suite/platform';

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; background: #151a21; color: #e6e9ee; display: grid; place-items: center;
  min-height: 100vh; margin: 0 }
form { width: 18rem; display: grid; gap: .75rem }
h1 { font-size: 1.25rem; margin: 0 }
label { display: grid; gap: .25rem; font-size: .875rem }
input, button { font: inherit; padding: .5rem .75rem; border-radius: .375rem; border: 1px solid #3a4553 }
input { background: #0e1217; color: inherit }
button { background: #3b82f6; border-color: #3b82f6; color: #fff; cursor: pointer }
p { margin: 0; min-height: 1.5rem; color: #fca5a5; font-size: .875rem }`;

/** The login sets the cookies; the page behind is then loaded again and judges for itself. */
const SCRIPT = `
const form = document.querySelector('form');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = document.querySelector('p');
  const body = JSON.stringify(Object.fromEntries(new FormData(form)));
  try {
    const answer = await fetch('/auth/login', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { detail } = await answer.json();
    if (answer.ok) return location.reload();
    said.textContent = detail;
  } catch {
    said.textContent = 'The server cannot be reached';
  }
});`;

// As one piece each: what the policy allows is the very text between the tags, white space included.
const style = new Html(`<style>${STYLE}</style>`);
const script = new Html(`<script>${SCRIPT}</script>`);

const allow = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;

/** Only this very script and style run on the page. */
export const LOGIN_PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${allow(SCRIPT)}`,
  `style-src ${allow(STYLE)}`,
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** @param message why the reader is not in yet. */
export const loginPage = (message: string): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>Order suite: log in</title>
        ${style}
      </head>
      <body>
        <form method="post">
          <h1>Order suite: administration</h1>
          <label>E-mail <input name="email" type="email" autocomplete="username" required autofocus /></label>
          <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
          <button>Log in</button>
          <p role="alert">${message}</p>
        </form>
        ${script}
      </body>
    </html> `.text;
