import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import {
  ApiExtension,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiResponse,
  getSchemaPath,
  type ApiResponseOptions,
} from '@nestjs/swagger';
import { PageMeta, type ProblemCode } from '@suite/contracts';
import { IF_MATCH_FORM } from './conditional';
import { KEY_FORM } from './idempotency';
import type { LiveName } from './live-examples.service';

/** Where the codes and examples of an operation wait until the document is built. */
export const CODES = 'x-problems';
export const EXAMPLES = 'x-examples';

/** Headers that are refused in any other form. */
const headerForms: Record<string, RegExp> = { 'Idempotency-Key': KEY_FORM, 'If-Match': IF_MATCH_FORM };

/** What a route says of itself: its status, its answer, and the codes of its own refusals. */
export interface Description {
  summary: string;
  description?: string;
  /** Also sets it. */
  status?: number;
  /** In the envelope `{ status, data }`; a list has `meta` as well. */
  data?: Type | [Type];
  /** Without the envelope. */
  bare?: Type | [Type];
  /** Server-sent events: without an end, or, beside `bare`, where the client would rather have those. */
  stream?: boolean;
  /** A file: its media type. */
  file?: string;
  /** Beside those that follow from its method, body and access: the document adds them. */
  problems?: ProblemCode[];
  /** Path parameters, and where a working example comes from. */
  params?: Record<string, LiveName>;
  /** Bodies that work when they are sent as they are, by name; `{{stockId}}` and the like are filled in live. */
  examples?: Record<string, object>;
  /** Request headers. With `If-None-Match` the answer may be 304. */
  headers?: Record<string, string>;
}

export function Described({ status = 200, params = {}, headers = {}, ...described }: Description): MethodDecorator {
  const { summary, description, problems = [], examples } = described;
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary, description }),
    ApiExtension(CODES, problems),
    ...(examples ? [ApiExtension(EXAMPLES, examples)] : []),
    ApiExtraModels(...[described.data ?? described.bare ?? []].flat()),
    ApiResponse({ status, description: 'Success', ...contentOf(described) }),
    ...Object.entries(params).map(([name, live]) =>
      ApiParam({ name, schema: { type: 'string', pattern: '^[0-9a-f]{24}$', example: `{{${live}}}` } }),
    ),
    ...Object.entries(headers).map(([name, text]) =>
      ApiHeader({ name, description: text, required: false, schema: headerSchema(name) }),
    ),
    ...('If-None-Match' in headers ? [ApiResponse({ status: 304, description: 'Not changed since' })] : []),
  );
}

const headerSchema = (name: string) => ({ type: 'string' as const, pattern: headerForms[name]?.source });

function contentOf({ data, bare, stream, file }: Description): Partial<ApiResponseOptions> {
  const text = stream ? 'text/event-stream' : file;
  const json = bare && { 'application/json': { schema: schemaOf(bare) } };
  if (text !== undefined) return { content: { ...json, [text]: { schema: { type: 'string' } } } };
  if (bare) return { schema: schemaOf(bare) };
  if (!data) return {};
  return {
    schema: {
      type: 'object',
      required: ['status', 'data'],
      properties: {
        status: { type: 'string', enum: ['success'] },
        data: schemaOf(data),
        ...(Array.isArray(data) && { meta: { $ref: getSchemaPath(PageMeta) } }),
      },
    },
  };
}

const schemaOf = (type: Type | [Type]) =>
  Array.isArray(type) ? { type: 'array', items: { $ref: getSchemaPath(type[0]) } } : { $ref: getSchemaPath(type) };
