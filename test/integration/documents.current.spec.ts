import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, Script } from '../support/launcher';

interface Request {
  name: string;
  request: { method: string; url: { raw: string; variable: { key: string; value: string }[] }; body?: { raw: string } };
}
interface Collection {
  item: { name: string; item: Request[] }[];
  variable: { key: string }[];
}
const read = <T>(name: string) => JSON.parse(readFileSync(join(root, 'docs', name), 'utf8')) as T;
const document = read<{ paths: Record<string, Record<string, object>> }>('openapi.json');
const collection = read<Collection>('postman.json');
const requests = collection.item.flatMap(({ item }) => item);

it('docs/openapi.json and docs/postman.json are what the code says', async () => {
  const check = new Script('scripts/openapi.mjs', process.env, ['--check']);
  expect([await check.ended, check.output]).toEqual([0, '']);
});

it('the document has nothing open in its examples', () => {
  expect(JSON.stringify(document)).not.toMatch(/\{\{\w+\}\}/);
});

describe('the Postman collection', () => {
  it('has every call of the document, and no other', () => {
    const declared = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} {{baseUrl}}${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    const there = requests.map(({ request: { method, url } }) => `${method} ${url.raw}`);
    expect([...new Set(there)].sort()).toEqual(declared.sort());
  });

  it('names every value that it leaves to its reader, and every part of a path', () => {
    const known = collection.variable.map(({ key }) => key);
    const open = [...JSON.stringify(collection.item).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
    expect(open.filter((name) => !known.includes(name))).toEqual([]);
    for (const { request } of requests) {
      const parts = [...request.url.raw.matchAll(/\/:(\w+)/g)].map(([, name]) => name);
      expect(request.url.variable.map(({ key }) => key)).toEqual(parts);
      for (const { value } of request.url.variable) expect([request.url.raw, value]).not.toEqual([request.url.raw, '']);
    }
  });

  it('sends bodies that are JSON once they are filled in', () => {
    const bodies = requests.flatMap(({ request }) => request.body?.raw ?? []);
    expect(bodies.length).toBeGreaterThan(30);
    for (const body of bodies.filter((text) => text.startsWith('{'))) {
      expect(() => void JSON.parse(body.replace(/\{\{\w+\}\}/g, 'x'))).not.toThrow();
    }
  });
});
