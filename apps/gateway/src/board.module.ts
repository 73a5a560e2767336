import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { BullBoardModule, InjectBullBoard, type BullBoardInstance } from '@bull-board/nestjs';
import { BullModule, InjectQueue } from '@nestjs/bullmq';
import { Module, type OnModuleInit } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { DEAD_LETTER_QUEUE, notifications, orders } from '@suite/contracts';
import { QueueModule, redact } from '@suite/platform';
import { BOARD } from './board-gate';
import { GatewayConfig } from './gateway.config';

/** A queue as the board shows it: without the one-time tokens that mails carry. */
class BoardQueue extends BullMQAdapter {
  constructor(queue: Queue, readOnlyMode: boolean, description: string) {
    super(queue, { readOnlyMode, description });
    this.setFormatter('data', (data) => redact(data));
    this.setFormatter('returnValue', (value) => redact(value));
  }
}

const names = [orders.process.queue, DEAD_LETTER_QUEUE, notifications.sendMail.queue];

/** Bull Board over the suite's queues, at `/admin/queues`; `board-gate.ts` shuts it to all but admins. */
@Module({
  imports: [
    QueueModule,
    BullModule.registerQueue(...names.map((name) => ({ name }))),
    BullBoardModule.forRoot({
      route: BOARD,
      adapter: FastifyAdapter,
      boardOptions: { uiConfig: { boardTitle: 'Order suite', pollingInterval: { showSetting: true } } },
    }),
  ],
  exports: [BullModule],
})
export class BoardModule implements OnModuleInit {
  constructor(
    @InjectBullBoard() private readonly board: BullBoardInstance,
    @InjectQueue(orders.process.queue) private readonly orders: Queue,
    @InjectQueue(DEAD_LETTER_QUEUE) private readonly deadLetters: Queue,
    @InjectQueue(notifications.sendMail.queue) private readonly mails: Queue,
    private readonly config: GatewayConfig,
  ) {}

  onModuleInit(): void {
    const readOnly = !this.config.BULL_BOARD_WRITABLE;
    this.board.addQueue(new BoardQueue(this.orders, readOnly, 'Orders on their way; VIPs have priority 1'));
    this.board.addQueue(new BoardQueue(this.deadLetters, true, 'What was given up; replayed through the admin API'));
    this.board.addQueue(new BoardQueue(this.mails, readOnly, 'Mails'));
  }
}
