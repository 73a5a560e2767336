import { Injectable } from '@nestjs/common';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import type { Fact, Message } from '@suite/contracts';
import { StreamsClient } from './streams-client';

/** Two of the three verbs between processes; the third, work that must happen, is a queue. */
@Injectable()
export class Bus {
  constructor(private readonly client: StreamsClient) {}

  /**
   * One message, one answer, within the contract's `timeoutMs` or what is left of the caller's own deadline.
   * @throws Problem what the other side threw, or TIMEOUT, SERVICE_UNAVAILABLE (at once while Redis is away),
   *   OVERLOADED (this process waits for too many answers), OUTCOME_UNKNOWN (it may have run; it is not safe to repeat).
   */
  ask<Body extends object, Answer extends object>(contract: Message<Body, Answer>, body: Body): Promise<Answer> {
    return firstValueFrom(this.client.send<Answer, Body>(contract, body));
  }

  /**
   * Says that something has happened. Resolves when it is written down; each subscribing service hears it at least once.
   * @throws Problem SERVICE_UNAVAILABLE when it could not be written, or when that is not known: tell it again.
   */
  async tell<Body extends object>(contract: Fact<Body>, body: Body): Promise<void> {
    await lastValueFrom(this.client.emit<string, Body>(contract, body));
  }
}
