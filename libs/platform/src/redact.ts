const SECRET_NAME = /pass(word)?$|secret|token$|authorization|cookie|api.?key|client_?secret/i;
/** Tokens that stand in the middle of a text: JWTs, and what follows "Bearer". */
const SECRET_TEXT = /\beyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=\bBearer )\S+|(?<=:\/\/[^\s:/@]+:)[^\s@]+(?=@)/g;
const MAX_DEPTH = 6;

/** A copy without passwords, tokens and keys: by the names of properties, and by their look within texts. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(SECRET_TEXT, '[hidden]');
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const copy: Record<string | symbol, unknown> = {};
  // Winston keeps the level of a line under a symbol; it has to survive.
  for (const key of Reflect.ownKeys(value)) {
    const inner = (value as Record<string | symbol, unknown>)[key];
    copy[key] =
      typeof key === 'string' && SECRET_NAME.test(key) && inner != null ? '[hidden]' : redact(inner, depth + 1);
  }
  return copy;
}
