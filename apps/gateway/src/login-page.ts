import { hash } from 'node:crypto';
import { html, Html } from '@suite/platform';

const STYLE = `
:root { color-scheme: light dark; --back: #f5f6f9; --card: #fff; --ink: #16202c; --muted: #5b6878; --line: #d5dbe4;
  --accent: #3058d6; --on: #fff; --bad: #c42b2b }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --card: #151b23; --ink: #e4e9f0; --muted: #93a0b1;
  --line: #313c4a; --accent: #7d9dff; --on: #0b1020; --bad: #ff7b75 } }
body { font: 15px/1.5 system-ui, sans-serif; background: var(--back); color: var(--ink); display: grid;
  place-items: center; min-height: 100vh; margin: 0 }
form { width: min(21rem, 100vw); box-sizing: border-box; padding: 2rem; display: grid; gap: 1rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 1rem }
h1 { font-size: 1.375rem; letter-spacing: -.015em; margin: 0 }
h1 small { display: block; color: var(--muted); font-size: .875rem; font-weight: 400; letter-spacing: 0 }
label { display: grid; gap: .25rem; color: var(--muted); font-size: .875rem }
input, button { font: inherit; padding: .5rem .75rem; border-radius: .5rem; border: 1px solid var(--line) }
input { background: var(--back); color: var(--ink) }
button { background: var(--accent); border-color: var(--accent); color: var(--on); font-weight: 600; cursor: pointer }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
p { margin: 0; color: var(--bad); font-size: .875rem }
p:empty { display: none }`;

/**
 * The login sets the cookies; the page behind is then loaded again and judges for itself. Whoever was signed in here, and
 * whose access token alone has ended, is let in without asking: until when it lasts is noted, and no secret.
 */
const SCRIPT = `
const form = document.querySelector('form');
const note = 'order-suite:expires';
const enter = async (answer) => {
  const { expiresIn } = await answer.json();
  localStorage.setItem(note, String(Date.now() + expiresIn * 1000));
  location.reload();
};
if (Number(localStorage.getItem(note) ?? Infinity) < Date.now()) {
  localStorage.removeItem(note);
  fetch('/auth/refresh', { method: 'POST' }).then((answer) => answer.ok && enter(answer), () => {});
}
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = document.querySelector('p');
  const body = JSON.stringify(Object.fromEntries(new FormData(form)));
  try {
    const answer = await fetch('/auth/login', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (answer.ok) return await enter(answer);
    said.textContent = (await answer.json()).detail;
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
  'img-src data:',
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
        <link rel="icon" href="data:," />
        ${style}
      </head>
      <body>
        <form method="post">
          <h1>Order suite <small>For administrators</small></h1>
          <label>E-mail <input name="email" type="email" autocomplete="username" required autofocus /></label>
          <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
          <button>Log in</button>
          <p role="alert">${message}</p>
        </form>
        ${script}
      </body>
    </html> `.text;
