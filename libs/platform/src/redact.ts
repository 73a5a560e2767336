const SECRET_NAME = /password|passphrase|pass$|hash$|secret|token$|authorization|cookie|api.?key/i;
/** What gives itself away within a text: JWTs, what follows "Bearer", passwords and one-time tokens in URLs. */
const SECRET_TEXT =
  /\beyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=\bBearer )\S+|(?<=:\/\/[^\s:/@]*:)[^\s@]+(?=@)|(?<=[?&](?:token|key|secret)=)[^\s&"]+/g;
/** Who somebody is and where they live: for logs, which more people read than may know it. */
const PERSONAL_NAME =
  /^(e-?mail|recipients?|phone|(shipping|billing)?address(es)?|line[12]|street|postalcode|customer)$/i;
const PERSONAL_TEXT = /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z\d-]{1,63}\.)+[a-z]{2,63}\b/gi;
const MAX_DEPTH = 6;

interface Redaction {
  /** Hides e-mail addresses and the like as well. */
  personal?: boolean;
}

/** A copy without passwords, tokens and keys: by the names of properties, and by their look within texts. */
export function redact(value: unknown, options: Redaction = {}, depth = 0): unknown {
  if (typeof value === 'string') {
    const text = value.replace(SECRET_TEXT, '[hidden]');
    return options.personal ? text.replace(PERSONAL_TEXT, '[e-mail]') : text;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, options, depth + 1));
  if (value instanceof Error)
    return redact({ name: value.name, message: value.message, stack: value.stack }, options, depth);
  // Ids and the like know how to show themselves.
  if (hasJson(value)) return redact(value.toJSON(), options, depth + 1);
  const copy: Record<string | symbol, unknown> = {};
  // Winston keeps the level of a line under a symbol; it has to survive.
  for (const key of Reflect.ownKeys(value)) {
    const inner = (value as Record<string | symbol, unknown>)[key];
    const hidden = typeof key === 'string' && inner != null && isHidden(key, options);
    copy[key] = hidden ? '[hidden]' : redact(inner, options, depth + 1);
  }
  return copy;
}

const isHidden = (name: string, { personal }: Redaction): boolean =>
  SECRET_NAME.test(name) || (personal === true && PERSONAL_NAME.test(name));

const hasJson = (value: object): value is { toJSON(): unknown } =>
  typeof (value as { toJSON?: unknown }).toJSON === 'function';
