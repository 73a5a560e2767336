/** What has one path only, and none below `/api`: pages, files, sockets and what operators poll. */
const ONE_PATH = /^\/((docs|admin\/(queues|console|vendor)|health|metrics|socket\.io)(?![\w.])|admin\/?($|\?))/;

/**
 * `POST /api/orders` is `POST /orders`: takes `/api` off a request's URL, so that there is one route for both.
 * `/api/docs` and `/api/docs-json` are the documents and stay as they are; `/api/health` is nothing.
 */
export function withoutApiPrefix(url: string): string {
  if (!url.startsWith('/api/')) return url;
  const rest = url.slice('/api'.length);
  return ONE_PATH.test(rest) ? url : rest;
}

/**
 * A path as a suspicious reader sees it: decoded (also twice), slashes collapsed, dots resolved, lower case. For
 * refusing only, never for routing: several spellings become one here that are different paths to the router.
 */
export function suspectedPath(url: string): string {
  let path = url.split(/[?#]/, 1)[0];
  for (let i = 0; i < 2; i++) path = decoded(path);
  const parts: string[] = [];
  for (const part of path.toLowerCase().split(/[/\\]+/)) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part.split(';', 1)[0]);
  }
  return `/${parts.join('/')}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
