import { Injectable } from '@nestjs/common';
import { endless, helpful, obedient } from './model-mind';
import type { ModelRequest, Turn } from './model-protocol';

/** How the model behaves. The first is how it should; the others are what a shop has to live with. */
export const manners = [
  'helpful',
  /** Does what any text it reads tells it to, and gives away all it knows. */
  'obedient',
  /** Calls tools without end. */
  'endless',
  /** Never answers. */
  'hang',
  /** Begins to answer, and never ends. */
  'stall',
  /** Answers 500. */
  'fail',
  /** Answers 401, with the key in its text, as providers do. */
  'refuse',
  /** Answers 200 with something that is no answer. */
  'garbage',
  /** Answers with nothing. */
  'silent',
] as const;
export type Manner = (typeof manners)[number];

/** What the model was asked and what became of it, for tests to look at. */
export interface ModelCall {
  at: string;
  request: ModelRequest;
}

const MAX_CALLS = 200;

@Injectable()
export class ModelService {
  manner: Manner = 'helpful';
  private calls: ModelCall[] = [];

  /** Newest last. */
  get asked(): readonly ModelCall[] {
    return this.calls;
  }

  ask(request: ModelRequest): Manner {
    this.calls = [...this.calls, { at: new Date().toISOString(), request }].slice(-MAX_CALLS);
    return this.manner;
  }

  forget(): void {
    this.calls = [];
  }

  turn(manner: Manner, request: ModelRequest): Turn {
    if (manner === 'silent') return { text: '' };
    const mind = { obedient, endless }[manner as string] ?? helpful;
    return mind(request);
  }
}
